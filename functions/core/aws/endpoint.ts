/** By how a region's name begins; every other is of the partition `aws` or `aws-us-gov`, which share one (AWS General Reference). */
const SUFFIXES: readonly (readonly [start: string, suffix: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['us-isof-', 'csp.hci.ic.gov'],
]

export type AwsService = 'dynamodb' | 'lambda' | 'secretsmanager'

const VARIABLES: Readonly<Record<AwsService, string>> = {
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  lambda: 'AWS_ENDPOINT_URL_LAMBDA',
  secretsmanager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
}

/**
 * Where a service of AWS answers: where the environment says, by the variables that AWS's SDKs read (SDKs and Tools Reference
 * Guide, "Service-specific endpoints"), else in the region. Throws when a variable holds no URL.
 */
export function serviceEndpoint(
  service: AwsService,
  region: string,
  env: Readonly<Record<string, string | undefined>>,
): URL {
  const configured = env[VARIABLES[service]] || env.AWS_ENDPOINT_URL
  if (configured) return new URL(configured)
  const [, suffix = 'amazonaws.com'] = SUFFIXES.find(([start]) => region.startsWith(start)) ?? []
  return new URL(`https://${service}.${region}.${suffix}`)
}
