import { describe, expect, it } from 'vitest'
import { StsError } from '../../../functions/core/errors.ts'
import {
  queryRefusal,
  SignatureRefusal,
  type SignatureRefusalReason,
  s3Refusal,
} from '../../../functions/core/sigv4/refusal.ts'
import { SIGNATURE_REFUSALS } from '../../../functions/core/sigv4/refusals.ts'

const reasons = Object.keys(SIGNATURE_REFUSALS) as SignatureRefusalReason[]

describe('a refusal', () => {
  it.each(reasons)('%s has an answer for each service', (reason) => {
    for (const kind of ['header', 'presigned'] as const) {
      const refusal = new SignatureRefusal(reason, {}, kind)
      const { code, message } = queryRefusal(refusal)
      expect(new StsError(code, message).status).toBeGreaterThanOrEqual(400)
      expect(s3Refusal(refusal).status).toBeGreaterThanOrEqual(400)
      for (const text of [message, s3Refusal(refusal).message]) expect(text).not.toMatch(/[{}]/)
    }
  })

  it('fills in its facts', () => {
    const facts = { scopeDate: '20260130', date: '20260131', timestamp: '20260131T120000Z' }
    expect(queryRefusal(new SignatureRefusal('scope-date', facts)).message).toBe(
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260130' != '20260131', from '20260131T120000Z'.",
    )
  })

  it('knows where S3 answers a presigned request otherwise', () => {
    const facts = { service: 's3' }
    expect(s3Refusal(new SignatureRefusal('scope-service', facts)).code).toBe('AuthorizationHeaderMalformed')
    expect(s3Refusal(new SignatureRefusal('scope-service', facts, 'presigned')).code).toBe(
      'AuthorizationQueryParametersError',
    )
    expect(s3Refusal(new SignatureRefusal('signature-mismatch', {}, 'presigned')).code).toBe('SignatureDoesNotMatch')
  })
})
