/** What an operator says about assertions, beside the providers themselves. */
export interface SamlSettings {
  /** The deployment's own endpoints, accepted as Recipient, Destination and Audience beside AWS's. */
  readonly endpoints: readonly string[]
  /** Whether an assertion may be used again while it is valid, as in AWS, or once only. */
  readonly use: 'while-valid' | 'once'
}

/** A setting that cannot be used: one sentence that names the variable and says what to change. */
export class SamlSettingError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SamlSettingError'
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads `DAYPASS_SAML_ENDPOINTS` (URLs, separated by commas) and `DAYPASS_SAML_USE`. Throws SamlSettingError. */
export function readSamlSettings(env: Environment): SamlSettings {
  const endpoints = (env.DAYPASS_SAML_ENDPOINTS ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  if (endpoints.some((each) => !/^https?:$/.test(URL.parse(each)?.protocol ?? ''))) {
    throw new SamlSettingError('DAYPASS_SAML_ENDPOINTS must be http or https URLs, separated by commas.')
  }
  const use = env.DAYPASS_SAML_USE || 'while-valid'
  if (use !== 'while-valid' && use !== 'once') {
    throw new SamlSettingError('DAYPASS_SAML_USE must be while-valid or once.')
  }
  return { endpoints, use }
}
