import { decodeBase64, readPem } from '@daypass/core/identity/certificate/pem.ts'
import { describe, expect, it } from 'vitest'

describe('base64 of a certificate', () => {
  it('is read when it is written as it should be', () => {
    expect(decodeBase64('AAECAw==')).toEqual(Buffer.from([0, 1, 2, 3]))
  })

  it.each(['', 'AAECAw', 'AAECAw=', 'AAECAx==', 'AAEC Aw==', 'AAECAw==AAEC', 'AA-_', '!AAE'])(
    'is refused as %j',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined()
    },
  )
})

describe('PEM', () => {
  const block = (label: string) => `-----BEGIN ${label}-----\nAAEC\n-----END ${label}-----\n`

  it('is read block by block, without the text between them and blocks of other things', () => {
    const text = `subject: x\n${block('CERTIFICATE')}\n${block('PRIVATE KEY')}${block('CERTIFICATE')}`
    expect(readPem(text, ['CERTIFICATE'])).toEqual([Buffer.from([0, 1, 2]), Buffer.from([0, 1, 2])])
  })

  it.each([
    ['without a block', 'AAEC'],
    ['with blocks of other things alone', block('PRIVATE KEY')],
    ['without an end', '-----BEGIN CERTIFICATE-----\nAAEC\n'],
    ['with another end', '-----BEGIN CERTIFICATE-----\nAAEC\n-----END X509 CRL-----\n'],
    ['with headers inside', '-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n\nAAEC\n-----END CERTIFICATE-----\n'],
    [
      'with one block that is no base64',
      `${block('CERTIFICATE')}-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n`,
    ],
  ])('is none %s', (_what, text) => {
    expect(readPem(text, ['CERTIFICATE'])).toBeUndefined()
  })
})
