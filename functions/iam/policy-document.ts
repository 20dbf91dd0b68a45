import { parsePolicy } from '@daypass/core/policy/parse.ts'
import type { IamCall } from './call.ts'

/** A document as the API answers it: percent-encoded by RFC 3986. */
export const encodedDocument = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** What quotas count: AWS leaves white space out. */
export const documentSize = (text: string) => text.replace(/\s/g, '').length

/** Refuses (MalformedPolicyDocument) what is no identity policy of the account's dialect. */
export const checkIdentityPolicy = ({ dialect }: IamCall, text: string): void =>
  void parsePolicy(text, { kind: 'identity', dialect })
