import { parseCertificate } from '@daypass/core/identity/certificate/certificate.ts'
import { describe, expect, it } from 'vitest'
import { ecKey, makeCertificate, rsaKey } from '../../../support/certificate-maker.ts'

const RSA = makeCertificate({ key: rsaKey(), subject: { CN: 'alice' } }).der
const EC = makeCertificate({ key: ecKey(), subject: { CN: 'alice' } }).der
/** Object identifiers, as DER has them. */
const RSA_ENCRYPTION = '2a864886f70d010101'
const P_256 = '2a8648ce3d030107'

const replaced = (der: Buffer, from: string, to: string) => Buffer.from(der.toString('hex').replace(from, to), 'hex')

/** A point that is not on its curve. */
function movedPoint(): Buffer {
  const der = Buffer.from(EC)
  const at = der.indexOf(Buffer.from(P_256, 'hex')) + 20
  der.writeUInt8(der.readUInt8(at) ^ 0xff, at)
  return der
}

describe('the key of a certificate', () => {
  it('is read when it is whole', () => {
    expect([RSA, EC].map((der) => parseCertificate(der).publicKey.asymmetricKeyType)).toEqual(['rsa', 'ec'])
  })

  it.each([
    ['of an unknown algorithm', replaced(RSA, RSA_ENCRYPTION, '2a864886f70d010163')],
    ['of an unknown curve', replaced(EC, P_256, '2a8648ce3d030177')],
    ['beside its curve', movedPoint()],
  ])('%s makes it a refusal and no failure of ours, whoever sends it', (_what, der) => {
    expect(() => parseCertificate(der)).toThrow(expect.objectContaining({ code: 'InvalidIdentityToken' }))
  })
})
