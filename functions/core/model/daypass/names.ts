/** Actions of the STS API that AWS's model does not have: MinIO's, and Daypass's own. */
export const daypassOperations: readonly string[] = [
  'AssumeRoleWithCertificate',
  'AssumeRoleWithClientGrants',
  'AssumeRoleWithCustomToken',
  'AssumeRoleWithLDAPIdentity',
  'RevokeSessions',
]
