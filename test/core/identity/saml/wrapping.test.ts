import { importSigningKeys, parseMetadata } from '@daypass/core/identity/saml/metadata.ts'
import { parseUnverifiedResponse, verifyResponse } from '@daypass/core/identity/saml/response.ts'
import { describe, expect, it } from 'vitest'
import { AWS_ENDPOINT, base64, signatureXml } from '../../../support/fake-saml.ts'
import { idp, NOW, refusalOf, verifyXml } from './verify.ts'

/** What an attacker starts from: a response about herself, signed by the identity provider. */
const MALLORY = 'mallory@example.com'
const VICTIM = 'root@example.com'
const byAssertion = idp.xml({ subject: MALLORY })
const byResponse = idp.xml({ subject: MALLORY, sign: 'response' })
const byBoth = idp.xml({ subject: MALLORY, sign: 'both' })

const part = (xml: string, pattern: RegExp) => {
  const [found] = pattern.exec(xml) ?? []
  if (found === undefined) throw new Error(`${pattern} is not there`)
  return found
}
const assertionOf = (xml: string) => part(xml, /<saml:Assertion.*<\/saml:Assertion>/s)
const signatureOf = (xml: string) => part(xml, /<ds:Signature .*?<\/ds:Signature>/s)
const without = (xml: string, piece: string) => xml.replace(piece, () => '')
const put = (xml: string, where: string | RegExp, piece: string) => xml.replace(where, (found) => piece + found)
const behind = (xml: string, where: string | RegExp, piece: string) => xml.replace(where, (found) => found + piece)

const signedAssertion = assertionOf(byAssertion)
const signature = signatureOf(byAssertion)
const bareAssertion = without(signedAssertion, signature)
const responseSignature = signatureOf(byResponse)
const evil = (assertion: string, id = '_evil') =>
  assertion.replaceAll(MALLORY, VICTIM).replace('ID="_assertion"', `ID="${id}"`)
const evilBare = evil(bareAssertion)
const evilWithSignature = evil(signedAssertion)
const inResponse = (inside: string) => byAssertion.replace(signedAssertion, () => inside)
const object = (inside: string) => `<ds:Object>${inside}</ds:Object>`
const intoSignature = (piece: string, host = signature) => put(host, '</ds:Signature>', piece)
const extensions = (inside: string) => `<samlp:Extensions>${inside}</samlp:Extensions>`
const evilResponse = (response: string) =>
  response
    .replaceAll(MALLORY, VICTIM)
    .replace('ID="_response"', 'ID="_evilresponse"')
    .replace('ID="_assertion"', 'ID="_evil"')

/**
 * XML signature wrapping: the eight of Somorovsky and others ("On Breaking SAML: Be Whoever You Want to Be", 2012), and
 * what has been found since. In each the identity provider's own signature is still good for what it was made of.
 */
const WRAPPED: readonly (readonly [string, string])[] = [
  [
    'XSW1: the signed response inside the signature of an evil one',
    (() => {
      const copy = without(byResponse, responseSignature)
      return behind(
        evilResponse(without(byResponse, responseSignature)),
        '</saml:Issuer>',
        intoSignature(object(copy), responseSignature),
      )
    })(),
  ],
  [
    'XSW2: the signed response beside its signature, in an evil one',
    (() => {
      const copy = without(byResponse, responseSignature)
      return behind(evilResponse(copy), '</saml:Issuer>', responseSignature + copy)
    })(),
  ],
  ['XSW3: an evil assertion before the signed one', inResponse(evilBare + signedAssertion)],
  ['XSW4: the signed assertion inside an evil one', inResponse(put(evilBare, '</saml:Assertion>', signedAssertion))],
  [
    'XSW5: an evil assertion with the signature, the signed one behind it',
    inResponse(evilWithSignature + bareAssertion),
  ],
  [
    'XSW6: the signed assertion inside the signature of an evil one',
    inResponse(evil(bareAssertion).replace('</saml:Issuer>', (found) => found + intoSignature(bareAssertion))),
  ],
  ['XSW7: an evil assertion in Extensions', put(byAssertion, '<samlp:Status>', extensions(evilBare))],
  [
    'XSW8: the signed assertion in an Object of the evil one’s signature',
    inResponse(behind(evilBare, '</saml:Issuer>', intoSignature(object(bareAssertion)))),
  ],
  ['an evil assertion behind the signed one', inResponse(signedAssertion + evilBare)],
  ['an evil assertion with the same ID', inResponse(signedAssertion + evil(bareAssertion, '_assertion'))],
  [
    'an evil assertion whose Id is spelt otherwise',
    inResponse(signedAssertion + evilBare.replace('ID="_evil"', 'Id="_assertion"')),
  ],
  [
    'an evil assertion whose id is spelt otherwise',
    inResponse(evilBare.replace('ID="_evil"', 'id="_assertion"') + signedAssertion),
  ],
  ['an evil assertion without an ID', inResponse(evilBare.replace(' ID="_evil"', '') + signedAssertion)],
  [
    'an evil assertion in another namespace',
    inResponse(evilBare.replaceAll('urn:oasis:names:tc:SAML:2.0:assertion', 'urn:other') + signedAssertion),
  ],
  [
    'an evil assertion of SAML 1.1',
    put(byAssertion, '<saml:Assertion', `<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion"></Assertion>`),
  ],
  [
    'an evil assertion around which the signed one lies in its Subject',
    inResponse(put(evilBare, '</saml:Subject>', signedAssertion)),
  ],
  [
    'an evil assertion around which the signed one lies in its Advice',
    inResponse(put(evilBare, '</saml:Assertion>', `<saml:Advice>${signedAssertion}</saml:Advice>`)),
  ],
  [
    'the signed assertion in the advice of an evil one that bears its signature',
    inResponse(put(evilWithSignature, '</saml:Assertion>', `<saml:Advice>${bareAssertion}</saml:Advice>`)),
  ],
  [
    'the signed assertion in the status detail',
    put(inResponse(evilBare), '</samlp:Status>', `<samlp:StatusDetail>${signedAssertion}</samlp:StatusDetail>`),
  ],
  ['the signed assertion in the extensions', put(inResponse(evilBare), '<samlp:Status>', extensions(signedAssertion))],
  ['the signed assertion in a foreign element', inResponse(`<x xmlns="urn:x">${signedAssertion}</x>`)],
  [
    'the signed assertion in a foreign element beside an evil one',
    inResponse(`<x xmlns="urn:x">${signedAssertion}</x>${evilBare}`),
  ],
  [
    'a response inside the response',
    byAssertion.replace(signedAssertion, () => byAssertion.replace('_response', '_inner')),
  ],
  ['the response inside another element', `<x>${byAssertion}</x>`],
  ['the assertion alone, without a response', signedAssertion],
  [
    'the signature outside of what it signs, in the response',
    behind(inResponse(bareAssertion), '</samlp:Status>', signature),
  ],
  [
    'the signature outside of what it signs, before an evil assertion',
    behind(inResponse(evilBare), '</saml:Issuer>', signature),
  ],
  ['the signature in the extensions', put(inResponse(bareAssertion), '<samlp:Status>', extensions(signature))],
  ['the signature inside the subject', inResponse(put(bareAssertion, '</saml:Subject>', signature))],
  ['the signature inside an attribute value', inResponse(put(bareAssertion, '</saml:AttributeValue>', signature))],
  ['the same signature twice', inResponse(behind(signedAssertion, '</ds:Signature>', signature))],
  [
    'a second, empty signature',
    inResponse(
      behind(
        signedAssertion,
        '</ds:Signature>',
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:Signature>',
      ),
    ),
  ],
  [
    'a signature in another namespace beside it',
    inResponse(behind(signedAssertion, '</ds:Signature>', '<Signature xmlns="urn:other"></Signature>')),
  ],
  [
    'a signature in another namespace alone',
    inResponse(signedAssertion.replace('xmlns:ds="http://www.w3.org/2000/09/xmldsig#"', 'xmlns:ds="urn:other"')),
  ],
  ['an Object in the signature', inResponse(signedAssertion.replace(signature, () => intoSignature(object(''))))],
  [
    'a second SignedInfo',
    inResponse(behind(signedAssertion, '</ds:SignedInfo>', part(signature, /<ds:SignedInfo>.*<\/ds:SignedInfo>/s))),
  ],
  [
    'a second SignedInfo, first',
    inResponse(
      put(
        signedAssertion,
        '<ds:SignedInfo>',
        part(signature, /<ds:SignedInfo>.*<\/ds:SignedInfo>/s).replace('#_assertion', '#_evil'),
      ),
    ),
  ],
  [
    'a second SignatureValue',
    inResponse(
      behind(signedAssertion, '</ds:SignatureValue>', part(signature, /<ds:SignatureValue>.*<\/ds:SignatureValue>/s)),
    ),
  ],
  [
    'a second reference',
    inResponse(
      behind(
        signedAssertion,
        '</ds:Reference>',
        part(signature, /<ds:Reference.*<\/ds:Reference>/s).replace('#_assertion', '#_evil'),
      ),
    ),
  ],
  [
    'a second digest, first',
    inResponse(put(signedAssertion, '<ds:DigestValue>', `<ds:DigestValue>${'A'.repeat(43)}=</ds:DigestValue>`)),
  ],
  ['a digest that holds an element', inResponse(put(signedAssertion, '</ds:DigestValue>', '<x></x>'))],
  ['a digest that holds a comment', inResponse(put(signedAssertion, '</ds:DigestValue>', '<!-- x -->'))],
  ['no reference', inResponse(signedAssertion.replace(/<ds:Reference.*<\/ds:Reference>/s, ''))],
  ['an empty reference', inResponse(signedAssertion.replace('URI="#_assertion"', 'URI=""'))],
  ['a reference without URI', inResponse(signedAssertion.replace(' URI="#_assertion"', ''))],
  ['a reference to the response', inResponse(signedAssertion.replace('#_assertion', '#_response'))],
  ['a reference by XPointer', inResponse(signedAssertion.replace('#_assertion', "#xpointer(id('_assertion'))"))],
  ['a reference to elsewhere', inResponse(signedAssertion.replace('#_assertion', 'https://evil.example/#_assertion'))],
  ['a reference without #', inResponse(signedAssertion.replace('#_assertion', '_assertion'))],
  ['an empty ID', inResponse(signedAssertion.replace('ID="_assertion"', 'ID=""').replace('#_assertion', '#'))],
  [
    'an ID with a quote',
    inResponse(signedAssertion.replace('ID="_assertion"', `ID="a' or '1'='1"`).replace('#_assertion', `#a' or '1'='1`)),
  ],
  ['another status', byAssertion.replace('status:Success', 'status:Responder')],
  ['two statuses', behind(byAssertion, '</samlp:Status>', part(byAssertion, /<samlp:Status>.*<\/samlp:Status>/s))],
  ['no status', byAssertion.replace(/<samlp:Status>.*<\/samlp:Status>/s, '')],
  ['both signed, with the assertion’s text changed', byBoth.replaceAll(MALLORY, VICTIM)],
  [
    'both signed, with the response’s own text changed',
    byBoth.replace('Destination="', 'Destination="https://evil.example/'),
  ],
  ['both signed, with the assertion’s signature taken out', without(byBoth, signatureOf(assertionOf(byBoth)))],
  [
    'the signed response, with the signature of an assertion put in',
    behind(byResponse, /<saml:Assertion.*?<\/saml:Issuer>/s, signature),
  ],
  [
    'the signed response, with another’s signed assertion',
    byResponse.replace(assertionOf(byResponse), () => assertionOf(idp.xml({ subject: VICTIM }))),
  ],
  ['no signature', without(byAssertion, signature)],
]

describe('a signed response that is wrapped', () => {
  it.each(WRAPPED)('as %s is refused', async (_attack, xml) => {
    expect(await refusalOf(verifyXml(xml))).toMatchObject({ code: 'InvalidIdentityToken' })
  })

  it('is granted when nothing of it was moved, whichever part is signed', async () => {
    for (const xml of [byAssertion, byResponse, byBoth]) expect((await verifyXml(xml)).subject).toBe(MALLORY)
  })
})

const TAMPERED: readonly (readonly [string, string])[] = [
  ['the subject', byAssertion.replaceAll(MALLORY, VICTIM)],
  ['the subject of a signed response', byResponse.replaceAll(MALLORY, VICTIM)],
  ['white space in the subject', byAssertion.replace(MALLORY, ` ${MALLORY}`)],
  ['the subject, by a comment', byAssertion.replace(MALLORY, `${VICTIM}<!-- -->.evil`)],
  [
    'the subject, by a comment that canonicalization drops',
    byAssertion.replace(MALLORY, 'mallory<!-- -->@example.com'),
  ],
  ['the subject, by a CDATA section', byAssertion.replace(MALLORY, `<![CDATA[${MALLORY}]]>`)],
  ['the subject, by a processing instruction', byAssertion.replace(MALLORY, `mallory<?x y?>@example.com`)],
  ['an attribute value', byAssertion.replace('>alice<', '>admin<')],
  ['the name of an attribute', byAssertion.replace('Attributes/RoleSessionName', 'Attributes/SourceIdentity')],
  ['the audience', byAssertion.replace('>urn:amazon:webservices<', '>https://signin.aws.amazon.com/saml<')],
  ['the recipient', byAssertion.replace(`Recipient="${AWS_ENDPOINT}"`, 'Recipient="urn:x"')],
  ['the ID', byAssertion.replaceAll('_assertion', '_other')],
  ['the digest', byAssertion.replace(/<ds:DigestValue>./, '<ds:DigestValue>A')],
  ['the signature', byAssertion.replace(/<ds:SignatureValue>./, '<ds:SignatureValue>A')],
  [
    'the signature, cut to nothing',
    byAssertion.replace(/<ds:SignatureValue>.*<\/ds:SignatureValue>/s, '<ds:SignatureValue></ds:SignatureValue>'),
  ],
  ['a namespace', byAssertion.replace('SAML:2.0:assertion" ID', 'SAML:2.0:assertion " ID')],
  [
    'a namespace that an attribute value may use',
    byAssertion.replace('<saml:NameID', '<saml:NameID xmlns:saml="urn:other"'),
  ],
  [
    'the root’s default namespace',
    byAssertion
      .replace('<samlp:Response', '<samlp:Response xmlns="urn:oasis:names:tc:SAML:2.0:assertion"')
      .replace('<saml:Subject>', '<Subject>')
      .replace('</saml:Subject>', '</Subject>'),
  ],
]

describe('a signed response of which was changed', () => {
  it.each(TAMPERED)('%s is refused', async (_what, xml) => {
    expect(await refusalOf(verifyXml(xml))).toMatchObject({ code: 'InvalidIdentityToken' })
  })
})

const DTD = '<!DOCTYPE samlp:Response [<!ENTITY who "root@example.com">]>'
const HOSTILE: readonly (readonly [string, string])[] = [
  ['a document type', DTD + byAssertion],
  ['an entity of its own', DTD + byAssertion.replace(MALLORY, '&who;')],
  [
    'an external entity',
    `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${byAssertion.replace(MALLORY, '&x;')}`,
  ],
  [
    'entities of entities',
    `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>${byAssertion.replace(MALLORY, '&b;')}`,
  ],
  ['an ID declared in a document type', `<!DOCTYPE r [<!ATTLIST x y ID #IMPLIED>]>${byAssertion}`],
  ['an entity that nobody knows', byAssertion.replace(MALLORY, '&nbsp;')],
  ['a processing instruction before it', `<?xml-stylesheet href="x"?>${byAssertion}`],
  ['a comment before it', `<!-- x -->${byAssertion}`],
  ['a comment behind it', `${byAssertion}<!-- x -->`],
  ['text behind it', `${byAssertion}x`],
  ['a second root', byAssertion + byAssertion],
  ['an attribute twice', byAssertion.replace('ID="_assertion"', 'ID="_assertion" ID="_evil"')],
  [
    'an attribute twice by two prefixes',
    byAssertion.replace('<saml:Subject>', '<saml:Subject xmlns:a="urn:x" xmlns:b="urn:x" a:y="1" b:y="2">'),
  ],
  [
    'a prefix that is not declared',
    byAssertion.replace('<saml:Subject>', '<other:Subject>').replace('</saml:Subject>', '</other:Subject>'),
  ],
  ['a prefix that is taken back', byAssertion.replace('<saml:Subject>', '<saml:Subject xmlns:saml="">')],
  ['the prefix xml declared anew', byAssertion.replace('<saml:Subject>', '<saml:Subject xmlns:xml="urn:x">')],
  ['an element that is not closed', byAssertion.replace('</saml:Subject>', '')],
  [
    'elements that overlap',
    byAssertion
      .replace('</saml:NameID>', '</saml:Subject>')
      .replace('</saml:Subject></saml:Subject>', '</saml:NameID></saml:Subject>'),
  ],
  ['an unescaped <', byAssertion.replace('Method="', 'Method="<')],
  ['a control character', byAssertion.replace(MALLORY, `${MALLORY}\u0001`)],
  ['a control character by reference', byAssertion.replace(MALLORY, `${MALLORY}&#1;`)],
  [
    'elements nested deeply',
    byAssertion.replace(
      '<samlp:Status>',
      `<samlp:Extensions>${'<a>'.repeat(40)}${'</a>'.repeat(40)}</samlp:Extensions><samlp:Status>`,
    ),
  ],
  [
    'an encrypted assertion',
    inResponse(
      '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:EncryptedAssertion>',
    ),
  ],
  [
    'an encrypted assertion beside it',
    put(
      byAssertion,
      '<saml:Assertion',
      '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:EncryptedAssertion>',
    ),
  ],
  [
    'an encrypted name',
    idp.xml({ shape: (xml) => xml.replace(/<saml:NameID.*<\/saml:NameID>/, '<saml:EncryptedID></saml:EncryptedID>') }),
  ],
  ['a logout', byAssertion.replaceAll('samlp:Response', 'samlp:LogoutResponse')],
  ['a Response of another namespace', byAssertion.replace('SAML:2.0:protocol', 'SAML:1.0:protocol')],
  ['nothing', ''],
  ['JSON', '{"Assertion":{}}'],
]

describe('a message with', () => {
  it.each(HOSTILE)('%s is refused', async (_what, xml) => {
    expect(await refusalOf(verifyXml(xml))).toMatchObject({ code: 'InvalidIdentityToken' })
  })

  it('more elements than SAML has room for is refused before they are looked at', async () => {
    const many = byAssertion.replace('</samlp:Response>', `${'<a/>'.repeat(5_000)}</samlp:Response>`)
    expect((await refusalOf(verifyXml(many))).message).toContain('too many elements')
    const few = byAssertion.replace('</samlp:Response>', `${'<a></a>'.repeat(2_400)}</samlp:Response>`)
    await expect(verifyXml(few)).resolves.toBeDefined()
  })

  it('encryption is told to leave it out', async () => {
    const { message } = await refusalOf(
      verifyXml(
        inResponse(
          '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:EncryptedAssertion>',
        ),
      ),
    )
    expect(message).toContain('encryption off')
  })
})

describe('what the identity provider itself signed in another form', () => {
  const formed = (from: string | RegExp, to: string) => idp.xml({ signedInfo: (xml) => xml.replace(from, to) })
  const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>'
  const transform = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>'
  const enveloped = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>'

  it.each<[string, string]>([
    [
      'inclusive canonicalization',
      formed(C14N, 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315"></ds:CanonicalizationMethod>'),
    ],
    [
      'canonicalization with comments',
      formed(C14N, 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments"></ds:CanonicalizationMethod>'),
    ],
    ['a transform with comments', formed(transform, transform.replace('c14n#', 'c14n#WithComments'))],
    [
      'an XSLT transform',
      formed(transform, '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"></ds:Transform>'),
    ],
    [
      'an XPath transform',
      formed(transform, '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"></ds:Transform>'),
    ],
    [
      'a base64 transform',
      formed(transform, '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"></ds:Transform>'),
    ],
    ['a third transform', formed(transform, transform + transform)],
    ['transforms the other way round', formed(enveloped + transform, transform + enveloped)],
    ['no enveloped transform', formed(enveloped, '')],
    ['no transforms', formed(/<ds:Transforms>.*<\/ds:Transforms>/, '')],
    [
      'HMAC by the public key',
      idp.xml({ signedInfo: (xml) => xml.replace(/xmldsig-more#rsa-sha256/, 'xmldsig-more#hmac-sha256') }),
    ],
    ['HMAC with SHA-1', formed(/http:[^"]*xmldsig-more#rsa-sha256/, 'http://www.w3.org/2000/09/xmldsig#hmac-sha1')],
    ['DSA', formed(/http:[^"]*xmldsig-more#rsa-sha256/, 'http://www.w3.org/2009/xmldsig11#dsa-sha256')],
    ['an algorithm named constructor', formed(/http:[^"]*xmldsig-more#rsa-sha256/, 'constructor')],
    ['no algorithm', formed(/ Algorithm="http:[^"]*xmldsig-more#rsa-sha256"/, '')],
    ['RSA with SHA-1', idp.xml({ method: 'rsa-sha1' })],
    ['a digest by SHA-1', idp.xml({ digest: 'sha1' })],
    [
      'a digest of another length',
      formed(/<ds:DigestValue>.*<\/ds:DigestValue>/, `<ds:DigestValue>${'A'.repeat(88)}</ds:DigestValue>`),
    ],
    [
      'a huge digest',
      formed(/<ds:DigestValue>.*<\/ds:DigestValue>/, `<ds:DigestValue>${'A'.repeat(40_000)}</ds:DigestValue>`),
    ],
    ['a truncated digest', formed(/<ds:DigestValue>.*<\/ds:DigestValue>/, '<ds:DigestValue>AAAA</ds:DigestValue>')],
    ['an HMAC length', formed('rsa-sha256">', 'rsa-sha256"><ds:HMACOutputLength>1</ds:HMACOutputLength>')],
  ])('with %s is refused', async (_form, xml) => {
    expect(await refusalOf(verifyXml(xml))).toMatchObject({ code: 'InvalidIdentityToken' })
  })

  it('says which algorithms are taken', async () => {
    expect((await refusalOf(verifyXml(idp.xml({ method: 'rsa-sha1' })))).message).toContain(
      'RSA and ECDSA with SHA-256',
    )
  })
})

describe('KeyInfo', () => {
  it('is never believed: what a stranger’s key signed is refused, though its certificate lies beside', async () => {
    const stranger = (await import('../../../support/fake-saml.ts')).makeFakeIdp()
    expect(await refusalOf(verifyXml(stranger.xml()))).toMatchObject({ code: 'InvalidIdentityToken' })
    const resigned = behind(
      inResponse(bareAssertion),
      /<saml:Assertion.*?<\/saml:Issuer>/s,
      signatureXml(bareAssertion, '_assertion', {}, stranger.privateKey, idp.certificate),
    )
    expect(await refusalOf(verifyXml(resigned))).toMatchObject({ code: 'InvalidIdentityToken' })
  })

  it.each<[string, (xml: string) => string]>([
    ['absent', (xml) => xml.replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, '')],
    [
      'another’s',
      (xml) =>
        xml.replace(/<ds:X509Certificate>.*<\/ds:X509Certificate>/s, '<ds:X509Certificate>AAAA</ds:X509Certificate>'),
    ],
    [
      'a reference elsewhere',
      (xml) =>
        xml.replace(
          /<ds:X509Data>.*<\/ds:X509Data>/s,
          '<ds:RetrievalMethod URI="http://169.254.169.254/"></ds:RetrievalMethod>',
        ),
    ],
  ])('may be %s', async (_what, change) => {
    expect((await verifyXml(change(byAssertion))).subject).toBe(MALLORY)
  })
})

describe('each check by itself', () => {
  const twin = (attribute: string) =>
    put(byAssertion, '<samlp:Status>', extensions(`<x ${attribute}="_assertion"></x>`))
  it.each<[string, string, RegExp]>([
    ['an ID that occurs twice', twin('ID'), /same ID/],
    ['an Id that occurs as ID too', twin('Id'), /same ID/],
    ['an id that occurs as ID too', twin('id'), /same ID/],
    ['a second assertion', inResponse(signedAssertion + evilBare), /exactly one assertion/],
    [
      'an assertion that lies deeper',
      inResponse(`<x xmlns="urn:x">${signedAssertion}</x>`),
      /right inside the Response/,
    ],
    [
      'an assertion of another SAML',
      inResponse(signedAssertion.replace('SAML:2.0:assertion', 'SAML:3.0:assertion')),
      /not a SAML 2.0 Assertion/,
    ],
    [
      'the same signature twice',
      inResponse(behind(signedAssertion, '</ds:Signature>', signature)),
      /several signatures/,
    ],
    [
      'a signature that is none',
      inResponse(signedAssertion.replace('xmlns:ds="http://www.w3.org/2000/09/xmldsig#"', 'xmlns:ds="urn:other"')),
      /none of XML Signature/,
    ],
    [
      'a signature elsewhere',
      put(byAssertion, '<samlp:Status>', extensions(responseSignature)),
      /a signature in a place where SAML has none/,
    ],
    [
      'a status that is not Success',
      byAssertion.replace('status:Success', 'status:Responder'),
      /status is not Success/,
    ],
    ['no Response', byAssertion.replaceAll('samlp:Response', 'samlp:LogoutResponse'), /no SAML 2.0 Response/],
    ['a comment', `<!-- x -->${byAssertion}`, /comment/],
    ['an empty reference', inResponse(signedAssertion.replace('URI="#_assertion"', 'URI=""')), /refer to the element/],
    [
      'another transform',
      idp.xml({
        signedInfo: (xml) =>
          xml.replace('REC-xslt', '').replace('xml-exc-c14n#"></ds:Transform>', 'x"></ds:Transform>'),
      }),
      /other transforms/,
    ],
    [
      'another canonicalization',
      idp.xml({ signedInfo: (xml) => xml.replace('c14n#"></ds:Canon', 'c14n#WithComments"></ds:Canon') }),
      /exclusive canonicalization without comments/,
    ],
    [
      'more in SignedInfo',
      idp.xml({ signedInfo: (xml) => xml.replace('</ds:SignedInfo>', '<ds:Extra></ds:Extra></ds:SignedInfo>') }),
      /exactly one reference/,
    ],
    ['another algorithm', idp.xml({ method: 'rsa-sha1' }), /signature algorithm/],
    ['another digest', idp.xml({ digest: 'sha1' }), /digest algorithm/],
    [
      'a digest that is too long',
      idp.xml({ signedInfo: (xml) => xml.replace(/<ds:DigestValue>/, `$&${'A'.repeat(40)}`) }),
      /length of its algorithm/,
    ],
    [
      'a second reference',
      inResponse(behind(signedAssertion, '</ds:Reference>', part(signature, /<ds:Reference.*<\/ds:Reference>/s))),
      /exactly one (?:Reference|reference)/,
    ],
    [
      'an attribute twice',
      byAssertion.replace('<saml:Subject>', '<saml:Subject xmlns:a="urn:x" xmlns:b="urn:x" a:y="1" b:y="2">'),
      /attribute occurs twice/,
    ],
    [
      'a prefix that is taken back',
      byAssertion.replace('<saml:Subject>', '<saml:Subject xmlns:saml="">'),
      /undeclared/,
    ],
  ])('refuses %s for what it is', async (_what, xml, flaw) => {
    expect((await refusalOf(verifyXml(xml))).message).toMatch(flaw)
  })

  it('refuses another assertion than the one that was looked at first', async () => {
    const { signingKeys } = parseMetadata(idp.metadata(), NOW)
    const unverified = parseUnverifiedResponse(base64(byAssertion))
    const keys = importSigningKeys(signingKeys)
    expect((await verifyResponse(unverified, keys)).assertion.attributes.get('ID')).toBe('_assertion')
    const { message } = await refusalOf(verifyResponse({ ...unverified, claimedAssertionId: '_other' }, keys))
    expect(message).toContain('another assertion')
  })
})
