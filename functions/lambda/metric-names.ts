/** The namespace of the deployment's metrics in CloudWatch. */
export const NAMESPACE = 'Daypass'

/** The dimension that each of them has. */
export const SERVICE = 'daypass'
