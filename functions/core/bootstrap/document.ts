/** The bootstrap document: entities by account, with the IAM API's parameter names. */
export interface BootstrapDocument {
  readonly accounts: readonly BootstrapAccount[]
}

export interface BootstrapAccount {
  readonly id: string
  readonly name?: string
  readonly rootAccessKey?: BootstrapAccessKey
  readonly users?: readonly BootstrapUser[]
  readonly groups?: readonly BootstrapGroup[]
  readonly policies?: readonly BootstrapPolicy[]
  readonly roles?: readonly BootstrapRole[]
  readonly openIdConnectProviders?: readonly BootstrapOidcProvider[]
  readonly samlProviders?: readonly BootstrapSamlProvider[]
}

export interface BootstrapAccessKey {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
}

/** A policy document: as JSON, or as its text. */
export type BootstrapPolicyDocument = string | Readonly<Record<string, unknown>>

interface BootstrapGrants {
  readonly Path?: string
  /** ARNs of managed policies. */
  readonly attachedPolicies?: readonly string[]
  /** Inline policies by name. */
  readonly policies?: Readonly<Record<string, BootstrapPolicyDocument>>
}

export interface BootstrapTag {
  readonly Key: string
  readonly Value: string
}

export interface BootstrapUser extends BootstrapGrants {
  readonly UserName: string
  readonly accessKeys?: readonly BootstrapAccessKey[]
  readonly groups?: readonly string[]
  readonly PermissionsBoundary?: string
  readonly Tags?: readonly BootstrapTag[]
}

export interface BootstrapGroup extends BootstrapGrants {
  readonly GroupName: string
}

export interface BootstrapPolicy {
  readonly PolicyName: string
  readonly PolicyDocument: BootstrapPolicyDocument
  readonly Path?: string
  readonly Description?: string
}

export interface BootstrapRole extends BootstrapGrants {
  readonly RoleName: string
  readonly AssumeRolePolicyDocument: BootstrapPolicyDocument
  readonly Description?: string
  /** Seconds, 3,600 … 43,200. */
  readonly MaxSessionDuration?: number
  readonly PermissionsBoundary?: string
  readonly Tags?: readonly BootstrapTag[]
}

export interface BootstrapOidcProvider {
  readonly Url: string
  readonly ClientIDList?: readonly string[]
  readonly ThumbprintList?: readonly string[]
  readonly Tags?: readonly BootstrapTag[]
}

export interface BootstrapSamlProvider {
  readonly Name: string
  /** The XML of the identity provider's metadata. */
  readonly SAMLMetadataDocument: string
  readonly Tags?: readonly BootstrapTag[]
}

/** The document with the default account in it, which is there whether or not the document speaks of it. */
export function withAccount(document: BootstrapDocument, id: string): BootstrapDocument {
  if (document.accounts.some((account) => account.id === id)) return document
  return { accounts: [{ id }, ...document.accounts] }
}

/** The document cannot be applied; the message names the place in it (`accounts[0].roles[1].RoleName`) and what to change. */
export class BootstrapError extends Error {
  constructor(place: string, message: string, options?: { cause?: unknown }) {
    super(`bootstrap document, ${place}: ${message}`, options)
    this.name = 'BootstrapError'
  }
}
