import { childrenOf, type Element, SAML, wholeText } from './namespaces.ts'
import { invalidAssertion } from './refusal.ts'

const AWS = 'https://aws.amazon.com/SAML/Attributes/'
const MOST_ATTRIBUTES = 500

/** The attributes of an assertion by name, with all values of all statements. */
export type Attributes = ReadonlyMap<string, readonly Element[]>

export function attributesOf(assertion: Element): Attributes {
  const attributes = new Map<string, Element[]>()
  for (const statement of childrenOf(assertion, SAML, 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, SAML, 'Attribute')) {
      const name = attribute.attributes.get('Name') ?? ''
      const values = childrenOf(attribute, SAML, 'AttributeValue')
      attributes.set(name, [...(attributes.get(name) ?? []), ...values])
    }
  }
  if (attributes.size > MOST_ATTRIBUTES) throw invalidAssertion(`it has more than ${MOST_ATTRIBUTES} attributes`)
  return attributes
}

/** What an identity provider tells AWS by attributes of AWS's own (IAM User Guide, "Configure SAML assertions"). */
export interface AwsAttributes {
  /** Roles with the provider through which each is taken. */
  readonly roles: readonly { readonly roleArn: string; readonly providerArn: string }[]
  readonly roleSessionName: string
  /** Seconds. */
  readonly sessionDuration?: number
  readonly tags: readonly { readonly key: string; readonly values: readonly string[] }[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
}

const SESSION_NAME = /^[\w+=,.@-]{2,64}$/
/** AWS: sts/2011-06-15 tagKeyType, tagValueType. */
const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u
const MOST_TAGS = 50
const TAG_PREFIX = `${AWS}PrincipalTag:`

/**
 * Reads AWS's own attributes. `severalValues` is the Ceph-style dialect, in which a tag may have several values. Throws
 * InvalidIdentityToken for one that is not as AWS has it.
 */
export function parseAwsAttributes(
  attributes: Attributes,
  { severalValues }: { readonly severalValues: boolean },
): AwsAttributes {
  const roleSessionName = single(attributes, 'RoleSessionName')
  if (roleSessionName === undefined) throw invalidAssertion('it has no RoleSessionName')
  if (!SESSION_NAME.test(roleSessionName)) {
    throw invalidAssertion('its RoleSessionName does not have 2 to 64 characters of letters, digits and _+=,.@-')
  }
  const sourceIdentity = single(attributes, 'SourceIdentity')
  if (sourceIdentity !== undefined && !SESSION_NAME.test(sourceIdentity)) {
    throw invalidAssertion('its SourceIdentity does not have 2 to 64 characters of letters, digits and _+=,.@-')
  }
  const sessionDuration = parseDuration(single(attributes, 'SessionDuration'))
  const tags = parseTags(attributes, severalValues)
  const transitive = new Set(texts(attributes, 'TransitiveTagKeys').map((key) => key.toLowerCase()))
  return {
    roles: texts(attributes, 'Role').flatMap(parseRole),
    roleSessionName,
    tags,
    transitiveTagKeys: tags.map(({ key }) => key).filter((key) => transitive.has(key.toLowerCase())),
    ...(sessionDuration === undefined ? {} : { sessionDuration }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  }
}

/** `role ARN,provider ARN` or the other way round; other pairs are for somebody else. */
function parseRole(value: string): AwsAttributes['roles'] {
  const [a = '', b = '', more] = value.split(',').map((each) => each.trim())
  if (more !== undefined) return []
  const isProvider = (arn: string) => /^arn:[^:]*:iam::[^:]*:saml-provider\//.test(arn)
  if (isProvider(a) === isProvider(b)) return []
  return [isProvider(a) ? { roleArn: b, providerArn: a } : { roleArn: a, providerArn: b }]
}

function parseDuration(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^\d{3,5}$/.test(value) || Number(value) < 900 || Number(value) > 43_200) {
    throw invalidAssertion('its SessionDuration is no number of seconds from 900 to 43200')
  }
  return Number(value)
}

function parseTags(attributes: Attributes, severalValues: boolean): AwsAttributes['tags'] {
  const tags = [...attributes.keys()]
    .filter((name) => name.startsWith(TAG_PREFIX))
    .map((name) => ({ key: name.slice(TAG_PREFIX.length), values: texts(attributes, name.slice(AWS.length)) }))
  if (tags.length > MOST_TAGS) throw invalidAssertion(`it has more than ${MOST_TAGS} session tags`)
  const folded = tags.map(({ key }) => (severalValues ? key : key.toLowerCase()))
  if (new Set(folded).size < folded.length) throw invalidAssertion('a session tag occurs twice in it')
  for (const { key, values } of tags) {
    if (!TAG_KEY.test(key) || key.toLowerCase().startsWith('aws:')) {
      throw invalidAssertion('a session tag has an invalid key')
    }
    if (values.length === 0 || (values.length > 1 && !severalValues)) {
      throw invalidAssertion('a session tag does not have exactly one value')
    }
    if (!values.every((value) => TAG_VALUE.test(value))) throw invalidAssertion('a session tag has an invalid value')
  }
  return tags
}

function single(attributes: Attributes, name: string): string | undefined {
  const [value, another] = texts(attributes, name)
  if (another !== undefined) throw invalidAssertion(`its ${name} has several values`)
  return value
}

/** Values of one of AWS's attributes: text alone, never elements inside. */
const texts = (attributes: Attributes, name: string): readonly string[] =>
  (attributes.get(`${AWS}${name}`) ?? []).map((value) => {
    if (value.children.length > 0) throw invalidAssertion(`its ${name.split(':')[0]} holds an element`)
    return value.text
  })

const EDU_PERSON = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.'
const EDU_ORG = 'urn:oid:1.3.6.1.4.1.5923.1.2.1.'
const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'

/** AWS's condition keys by attribute name (IAM User Guide, "IAM and AWS STS condition context keys"; "Map SAML attributes to AWS trust policy context keys"). */
const KEYS: ReadonlyMap<string, string> = new Map([
  [`${EDU_PERSON}1`, 'edupersonaffiliation'],
  [`${EDU_PERSON}2`, 'edupersonnickname'],
  [`${EDU_PERSON}3`, 'edupersonorgdn'],
  [`${EDU_PERSON}4`, 'edupersonorgunitdn'],
  [`${EDU_PERSON}5`, 'edupersonprimaryaffiliation'],
  [`${EDU_PERSON}6`, 'edupersonprincipalname'],
  [`${EDU_PERSON}7`, 'edupersonentitlement'],
  [`${EDU_PERSON}8`, 'edupersonprimaryorgunitdn'],
  [`${EDU_PERSON}9`, 'edupersonscopedaffiliation'],
  [`${EDU_PERSON}10`, 'edupersontargetedid'],
  [`${EDU_PERSON}11`, 'edupersonassurance'],
  [`${EDU_ORG}2`, 'eduorghomepageuri'],
  [`${EDU_ORG}3`, 'eduorgidentityauthnpolicyuri'],
  [`${EDU_ORG}4`, 'eduorglegalname'],
  [`${EDU_ORG}5`, 'eduorgsuperioruri'],
  [`${EDU_ORG}6`, 'eduorgwhitepagesuri'],
  ['urn:oid:2.5.4.3', 'cn'],
  ['urn:oid:2.5.4.4', 'surname'],
  ['urn:oid:2.5.4.41', 'name'],
  ['urn:oid:2.5.4.42', 'givenName'],
  ['urn:oid:2.5.4.45', 'x500UniqueIdentifier'],
  ['urn:oid:0.9.2342.19200300.100.1.1', 'uid'],
  ['urn:oid:0.9.2342.19200300.100.1.3', 'mail'],
  ['urn:oid:0.9.2342.19200300.100.1.45', 'organizationStatus'],
  ['http://schemas.xmlsoap.org/claims/CommonName', 'commonName'],
  [`${CLAIMS}name`, 'name'],
  [`${CLAIMS}givenname`, 'givenName'],
  [`${CLAIMS}surname`, 'surname'],
  [`${CLAIMS}emailaddress`, 'mail'],
  [`${CLAIMS}uid`, 'uid'],
  ['http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid', 'primaryGroupSID'],
])

/** The attributes that trust policies may ask about, as `saml:<key>` without the prefix. */
export function attributeKeys(attributes: Attributes): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>()
  for (const [name, values] of attributes) {
    const key = KEYS.get(name)
    if (key === undefined) continue
    const all = [...(keys.get(key) ?? []), ...values.map(wholeText)]
    keys.set(key, all)
    // AWS has both names for the common name.
    if (key === 'cn') keys.set('commonName', all)
  }
  return keys
}
