/** Issues tokens of service accounts over https, by an authority that no machine knows. */
export interface Cluster {
  /** For the reader of a run: what it is. */
  readonly what: string
  readonly issuer: string
  /** The PEM file of its authority. */
  readonly ca: string
  /** A bound token, as the kubelet gets one for a pod's projected volume. */
  token(namespace: string, account: string, audience: string): Promise<string>
  stop(): Promise<void>
}
