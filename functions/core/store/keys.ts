import type { Key } from './port.ts'

/**
 * Every key of the table, in one place. A partition key starts with the kind, so that a function's role can be limited to
 * its kinds with `dynamodb:LeadingKeys`. Access keys, sessions and bucket names are global; all else is `<KIND>#<account>…`.
 * Names that IAM compares without regard to case are kept in lower case in the sort key.
 */
export const KIND = {
  account: 'ACCOUNT',
  accountAlias: 'ALIAS',
  accessKey: 'KEY',
  accessKeyUse: 'KEYUSE',
  bucket: 'BUCKET',
  bucketList: 'BUCKETS',
  bootstrap: 'BOOTSTRAP',
  group: 'GROUP',
  groupMember: 'GROUPMEMBER',
  issuerKey: 'ISSUERKEY',
  mfa: 'MFA',
  mfaUse: 'MFAUSE',
  object: 'OBJECT',
  objectPart: 'PART',
  objectUpload: 'UPLOAD',
  objectVersion: 'VERSION',
  oidcProvider: 'OIDC',
  policy: 'POLICY',
  policyUse: 'POLICYUSE',
  policyVersion: 'POLICYVERSION',
  quota: 'QUOTA',
  role: 'ROLE',
  samlMetadata: 'SAMLMETADATA',
  samlProvider: 'SAML',
  samlUse: 'SAMLUSE',
  session: 'SESSION',
  signIn: 'SIGNIN',
  publicKey: 'PUBLICKEY',
  signingKey: 'SIGNINGKEY',
  user: 'USER',
} as const

export type Kind = (typeof KIND)[keyof typeof KIND]

export const accountKey = (account: string): Key => ({ pk: `${KIND.account}#${account}`, sk: KIND.account })
export const accessKeyKey = (accessKeyId: string): Key => ({
  pk: `${KIND.accessKey}#${accessKeyId}`,
  sk: KIND.accessKey,
})
/** When and for what a key was last used, apart from the key, so that noting it needs no right to change keys. */
export const accessKeyUseKey = (accessKeyId: string): Key => ({
  pk: `${KIND.accessKeyUse}#${accessKeyId}`,
  sk: KIND.accessKeyUse,
})
/** Whose an alias is: aliases are unique across accounts. */
export const accountAliasKey = (alias: string): Key => ({ pk: `${KIND.accountAlias}#${alias}`, sk: KIND.accountAlias })
export const sessionKey = (accessKeyId: string): Key => ({ pk: `${KIND.session}#${accessKeyId}`, sk: KIND.session })

export const userKey = (account: string, name: string): Key => ({
  pk: `${KIND.user}#${account}`,
  sk: name.toLowerCase(),
})
export const groupKey = (account: string, name: string): Key => ({
  pk: `${KIND.group}#${account}`,
  sk: name.toLowerCase(),
})
/** Who is in a group, by user name; neither an account id nor a group name holds `#`. */
export const groupMemberKey = (account: string, group: string, user: string): Key => ({
  pk: groupMemberPartition(account, group),
  sk: user.toLowerCase(),
})
export const groupMemberPartition = (account: string, group: string) =>
  `${KIND.groupMember}#${account}#${group.toLowerCase()}`
export const roleKey = (account: string, name: string): Key => ({
  pk: `${KIND.role}#${account}`,
  sk: name.toLowerCase(),
})
/** `name` is the last part of the device's serial number. */
export const mfaDeviceKey = (account: string, name: string): Key => ({
  pk: `${KIND.mfa}#${account}`,
  sk: name.toLowerCase(),
})
/** Which of a device's codes are spent, apart from the device, so that spending one needs no right to change devices. */
export const mfaUseKey = (account: string, name: string): Key => ({
  pk: `${KIND.mfaUse}#${account}`,
  sk: name.toLowerCase(),
})
export const policyKey = (account: string, name: string): Key => ({
  pk: `${KIND.policy}#${account}`,
  sk: name.toLowerCase(),
})

/** The text of a version that is not the default one, by the policy's unique id: a policy made anew starts without any. */
export const policyVersionKey = (account: string, policyId: string, textId: string): Key => ({
  pk: `${KIND.policyVersion}#${account}#${policyId}`,
  sk: textId,
})
/** Who uses a managed policy; an ARN holds no space. `use` names the way and the entity: `policy role/s3access`. */
export const policyUseKey = (account: string, policyArn: string, use: string): Key => ({
  pk: policyUsePartition(account),
  sk: `${policyArn} ${use}`,
})
export const policyUsePartition = (account: string) => `${KIND.policyUse}#${account}`

/** `url` without its scheme, as it stands in the provider's ARN. A trailing slash makes another provider. */
export const oidcProviderKey = (account: string, url: string): Key => ({
  pk: `${KIND.oidcProvider}#${account}`,
  sk: url,
})
/** Names of SAML providers have a case. */
export const samlProviderKey = (account: string, name: string): Key => ({
  pk: `${KIND.samlProvider}#${account}`,
  sk: name,
})
/** A provider's metadata document, apart from what is read of it; each document has an id of its own. */
export const samlMetadataKey = (account: string, metadataId: string): Key => ({
  pk: `${KIND.samlMetadata}#${account}`,
  sk: metadataId,
})
/** That an assertion was used, where each may be used once; `assertion` is a digest. */
export const samlUseKey = (account: string, provider: string, assertion: string): Key => ({
  pk: `${KIND.samlUse}#${account}#${provider}`,
  sk: assertion,
})
/** One item per public key of an issuer, and one that tells when the set was fetched; `identity/` names the entries. */
export const issuerKeyKey = (account: string, url: string, entry: string): Key => ({
  pk: issuerKeyPartition(account, url),
  sk: entry,
})
export const issuerKeyPartition = (account: string, url: string) => `${KIND.issuerKey}#${account}#${url}`

/**
 * The deployment's own issuer signs with these. The public halves, which verifiers find in `/.well-known/jwks.json`, are
 * rows of a kind of their own, so that whoever serves them cannot read the sealed private ones.
 */
export const signingKeyKey = (kid: string): Key => ({ pk: `${KIND.signingKey}#`, sk: kid })
export const publicKeyKey = (kid: string): Key => ({ pk: publicKeyPartition, sk: kid })
export const publicKeyPartition = `${KIND.publicKey}#`

/** A user name of a configured source, hashed: people also type passwords where names belong. */
export interface SignInName {
  readonly account: string
  /** As sessions name it (`ldap/default`). */
  readonly source: string
  /** SHA-256 of the name that all its spellings have in common. */
  readonly nameHash: string
}
/** Guesses at a name's password from one network, and from all together; no network's name is `*`. */
export const signInKey = (name: SignInName, network: string): Key => ({ pk: signInPartition(name), sk: network })
export const signInTotalKey = (name: SignInName): Key => ({ pk: signInPartition(name), sk: '*' })
/** Attempts from one network at names that say nothing yet; no source's name is empty. */
export const signInNetworkKey = (account: string, network: string): Key => ({
  pk: `${KIND.signIn}#${account}##${network}`,
  sk: '*',
})
const signInPartition = ({ account, source, nameHash }: SignInName) => `${KIND.signIn}#${account}#${source}#${nameHash}`

/** Which content of the bootstrap document was applied, per entity. */
export const bootstrapKey = (account: string, entity: string): Key => ({
  pk: `${KIND.bootstrap}#${account}`,
  sk: entity,
})

export const bucketKey = (bucket: string): Key => ({ pk: `${KIND.bucket}#${bucket}`, sk: KIND.bucket })
export const bucketListKey = (account: string, bucket: string): Key => ({
  pk: `${KIND.bucketList}#${account}`,
  sk: bucket,
})
/** `bucketId` is made anew with each bucket, so that a bucket made again under a name starts empty. */
export const objectKey = (bucketId: string, key: string): Key => ({ pk: `${KIND.object}#${bucketId}`, sk: key })
/**
 * A version of an object of a bucket with versioning; ids sort newest first. The object's key is part of the partition,
 * because both may fill a sort key by themselves.
 */
export const objectVersionKey = (bucketId: string, key: string, versionId: string): Key => ({
  pk: objectVersionPartition(bucketId, key),
  sk: versionId,
})
export const objectVersionPartition = (bucketId: string, key: string) => `${KIND.objectVersion}#${bucketId}#${key}`
/** A multipart upload under way; an upload's id begins with the time of its beginning. */
export const objectUploadKey = (bucketId: string, uploadId: string): Key => ({
  pk: `${KIND.objectUpload}#${bucketId}`,
  sk: uploadId,
})
/** A part of a multipart upload; numbers have five digits, so that they sort. */
export const objectPartKey = (bucketId: string, uploadId: string, number: number): Key => ({
  pk: `${KIND.objectPart}#${bucketId}#${uploadId}`,
  sk: String(number).padStart(5, '0'),
})

/** How many sessions somebody made in a minute; `nameHash` stands for a user, an identity or a provider. */
export const mintCountKey = (account: string, nameHash: string, minute: number): Key => ({
  pk: `${KIND.quota}#${account}#${nameHash}`,
  sk: String(minute),
})
