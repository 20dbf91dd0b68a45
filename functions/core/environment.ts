/** The settings that a function reads from its environment. The handlers and the CDK app know them by this table alone. */
export const ENVIRONMENT = {
  /** The DynamoDB table's name. */
  table: 'DAYPASS_TABLE',
  /** The region of the table; absent: the function's own. */
  tableRegion: 'DAYPASS_TABLE_REGION',
  /** In a region with a replica: where the table is in which things happen once. Absent: this is that region. */
  homeRegion: 'DAYPASS_HOME_REGION',
  /** The default account; may be the empty string. */
  accountId: 'DAYPASS_ACCOUNT_ID',
  /** ARN of the Secrets Manager secret that holds the session key ring. */
  sessionRing: 'DAYPASS_SESSION_RING_SECRET',
  /** ARN of the Secrets Manager secret that holds the long-term key ring. */
  longTermRing: 'DAYPASS_LONG_TERM_RING_SECRET',
  /** ARN of the Secrets Manager secret that holds the default account's root access key. */
  rootKey: 'DAYPASS_ROOT_KEY_SECRET',
  /** ARN of the Secrets Manager secret that holds the prober's key. */
  proberKey: 'DAYPASS_PROBER_KEY_SECRET',
  /** The deployment's own URL, as callers know it. */
  ownUrl: 'DAYPASS_URL',
  /** `allow` or `refuse`: whether an issuer may live on a private, link-local or loopback address. */
  privateAddresses: 'DAYPASS_PRIVATE_ADDRESSES',
  /** `on`: sessions keep the claims of their token, because a decision webhook is told of them. */
  keepClaims: 'DAYPASS_KEEP_CLAIMS',
  /** ARN of the Secrets Manager secret that holds what the decision webhook is shown as Authorization. */
  decisionWebhookToken: 'DAYPASS_POLICY_PLUGIN_AUTH_TOKEN_SECRET',
  /** Secrets that hold what identity webhooks are shown as Authorization: `<webhook>=<ARN>`, separated by commas. */
  identityWebhookTokens: 'DAYPASS_IDENTITY_WEBHOOK_TOKENS',
  /** Secrets that hold the passwords of the accounts that look users up in directories: `<directory>=<ARN>`, separated by commas. */
  directoryPasswords: 'DAYPASS_DIRECTORY_PASSWORDS',
  /** ARN of the isolated function that checks passwords against directories. */
  checkDirectoryFunction: 'DAYPASS_CHECK_DIRECTORY_FUNCTION',
  /** ARN of the isolated function that answers the IAM API. */
  iamFunction: 'DAYPASS_IAM_FUNCTION',
  /** ARN of the isolated function that answers GetWebIdentityToken. */
  getWebIdentityTokenFunction: 'DAYPASS_GET_WEB_IDENTITY_TOKEN_FUNCTION',
  /** ARN of the isolated function that answers AssumeRoleWithCertificate. */
  assumeRoleWithCertificateFunction: 'DAYPASS_ASSUME_ROLE_WITH_CERTIFICATE_FUNCTION',
  /** ARN of the isolated function that answers AssumeRoleWithSAML. */
  assumeRoleWithSamlFunction: 'DAYPASS_ASSUME_ROLE_WITH_SAML_FUNCTION',
  /** ARN of the function that Secrets Manager has rotate the key rings. */
  keyRotationFunction: 'DAYPASS_KEY_ROTATION_FUNCTION',
  /** ARN of the isolated function that answers RevokeSessions. */
  revokeSessionsFunction: 'DAYPASS_REVOKE_SESSIONS_FUNCTION',
  /** Sessions that all holders of one provider's tokens may make in a minute; absent: no limit. */
  issuerQuota: 'DAYPASS_QUOTA_PER_ISSUER',
  /** Sessions that one user, role or identity may make in a minute; absent: no limit. */
  principalQuota: 'DAYPASS_QUOTA_PER_PRINCIPAL',
  /** The S3-compatible store behind the gateway; absent: AWS's own S3. */
  s3Endpoint: 'DAYPASS_S3_ENDPOINT',
  /** The region of that store. */
  s3Region: 'DAYPASS_S3_REGION',
  /** Beginnings of User-Agents, comma-separated, that the gateway may send to that store for large objects; absent: none. */
  s3RedirectedClients: 'DAYPASS_S3_REDIRECTED_CLIENTS',
} as const

export type Setting = keyof typeof ENVIRONMENT

/**
 * The settings that a function cannot do without, by name. Proves that each is there, not that it names anything real.
 * Throws one error that lists every missing variable, so that a wrong deployment is put right in one go; values are never
 * repeated. Only the account id may be empty.
 */
export function readEnvironment<Needed extends Setting>(
  env: Readonly<Record<string, string | undefined>>,
  needed: readonly Needed[],
): Readonly<Record<Needed, string>> {
  const found = needed.map((setting) => [setting, env[ENVIRONMENT[setting]]] as const)
  const missing = found.filter(([setting, value]) => value === undefined || (value === '' && setting !== 'accountId'))
  if (missing.length > 0) {
    const names = missing.map(([setting]) => ENVIRONMENT[setting]).join(', ')
    throw new Error(`Set the environment variables that this function needs: ${names}`)
  }
  return Object.fromEntries(found) as Record<Needed, string>
}
