import { describe, expect, it } from 'vitest'
import type { CertificateProviderProps } from '../../infra/certificate-settings.ts'
import { makeAuthority, makeCertificate, makeRevocationList, pemOf } from '../support/certificate-maker.ts'
import { functionResource, resourcesOf, synthesize } from './templates.ts'

const [ca, acme] = [makeAuthority(), makeAuthority({ subject: { CN: 'Acme CA' } })]
const crl = pemOf('X509 CRL', makeRevocationList(acme))
const certificateProviders: readonly CertificateProviderProps[] = [
  { authorities: ca.pem, policyByCommonName: true },
  { name: 'acme', authorities: acme.pem, revocationLists: crl, trustAnchorIds: ['one', 'two'], profileIds: ['three'] },
]
const { api } = synthesize({ identity: { certificateProviders } })
const deployed = resourcesOf(api, 'AWS::Lambda::Function').map(([, { Properties }]) =>
  String(Properties.FunctionName).replace('daypass-', ''),
)
const PROVING = ['assume-role-with-certificate', 'create-session']

function tlsVariables(name: string): Record<string, unknown> {
  const { Environment } = functionResource(api, name)[1].Properties as {
    Environment?: { Variables: Record<string, unknown> }
  }
  return Object.fromEntries(
    Object.entries(Environment?.Variables ?? {}).filter(([variable]) => variable.startsWith('DAYPASS_IDENTITY_TLS')),
  )
}

describe('the certificate providers of a stack', () => {
  it.each(PROVING)('reach %s as the variables that the local host has', (name) => {
    expect(tlsVariables(name)).toEqual({
      DAYPASS_IDENTITY_TLS_CA: ca.pem.trim(),
      DAYPASS_IDENTITY_TLS_CN_POLICY: 'on',
      DAYPASS_IDENTITY_TLS_CA_ACME: acme.pem.trim(),
      DAYPASS_IDENTITY_TLS_CRL_ACME: crl.trim(),
      DAYPASS_IDENTITY_TLS_TRUST_ANCHORS_ACME: 'one,two',
      DAYPASS_IDENTITY_TLS_PROFILES_ACME: 'three',
    })
  })

  it('reach no other function', () => {
    expect(deployed.filter((name) => Object.keys(tlsVariables(name)).length > 0).sort()).toEqual(PROVING)
  })

  it.each<[string, readonly CertificateProviderProps[], RegExp]>([
    ['two of one name', [{ authorities: ca.pem }, { authorities: acme.pem }], /same name/],
    ['a name with a capital', [{ name: 'Acme', authorities: ca.pem }], /a name must be/],
    ['the path of a file', [{ authorities: '/etc/ca.pem' }], /in PEM/],
    ['a client’s certificate', [{ authorities: makeCertificate({ by: ca }).pem }], /not one of an authority/],
    ['one authority twice', [{ authorities: ca.pem }, { name: 'b', authorities: ca.pem }], /share the authority/],
    [
      'more than the environment holds',
      [{ authorities: Array.from({ length: 12 }, () => makeAuthority().pem).join('') }],
      /bytes/,
    ],
  ])('are refused when there is %s, at the synthesis', (_what, providers, message) => {
    expect(() => synthesize({ identity: { certificateProviders: providers } })).toThrow(message)
  })
})
