import { type Forgery, NO_TEXT, type Workshop, withClaims, withPayload, withSpelling } from './forge.ts'

const EXPIRED = 'ExpiredTokenException'

function payloads(shop: Workshop): Forgery[] {
  const good = JSON.stringify(shop.claims)
  const inside = good.slice(0, -1)
  const bytes = (...raw: number[]) =>
    Buffer.concat([Buffer.from(`${inside},"x":"`), Buffer.from(raw), Buffer.from('"}')])
  const odd: [string, string | Buffer][] = [
    ['empty', ''],
    ['an empty object', '{}'],
    ['a list', `[${good}]`],
    ['a text', JSON.stringify(good)],
    ['null', 'null'],
    ['a number', '1'],
    ['true', 'true'],
    ['with a byte order mark', `\ufeff${good}`],
    ['in UTF-16', Buffer.from(good, 'utf16le')],
    ['of invalid UTF-8', bytes(0xff)],
    ['of an overlong encoding', bytes(0xc0, 0xaf)],
    ['of a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80)],
    ['with a control character in a text', bytes(0x01)],
    ['with a lone surrogate', `${inside},"x":"\\udfff"}`],
    ['with a lone surrogate in a name', `${inside},"\\ud800":1}`],
    ['with a comment', `${good}//`],
    ['with more behind it', `${good}x`],
    ['with a comma too many', `${inside},}`],
    ['in single quotes', good.replaceAll('"', "'")],
    ['with a number beyond a double', `${inside},"x":-1e400}`],
    ['with Infinity', `${inside},"x":Infinity}`],
    ['with a hexadecimal number', `${inside},"x":0x10}`],
    ['with a number that begins with zero', `${inside},"x":01}`],
    ['with a number that begins with a plus', `${inside},"x":+1}`],
    ['40 levels deep', `${inside},"x":${'{"x":'.repeat(40)}1${'}'.repeat(40)}}`],
    ['with a member twice somewhere inside', `${inside},"x":[{"y":1,"y":1}]}`],
    ['cut', good.slice(0, -1)],
  ]
  return odd.map(([what, payload]) => ({ what: `whose payload is ${what}`, token: withPayload(shop, payload) }))
}

/** The names that decide, twice, escaped, in other letters, or where only a careless reader finds them. */
function names(shop: Workshop): Forgery[] {
  const good = JSON.stringify(shop.claims)
  return ['iss', 'sub', 'aud', 'exp'].flatMap((name): Forgery[] => {
    const { [name]: value, ...others } = shop.claims
    const rest = JSON.stringify(others).slice(1)
    const escaped = `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}`
    const own = JSON.stringify({ [name]: value })
    return [
      { what: `with ${name} twice`, token: withPayload(shop, `{"${name}":${JSON.stringify(value)},${good.slice(1)}`) },
      { what: `with ${name} twice, the second null`, token: withPayload(shop, `${good.slice(0, -1)},"${name}":null}`) },
      { what: `with ${name} twice, once escaped`, token: withPayload(shop, `${good.slice(0, -1)},"${escaped}":"x"}`) },
      { what: `with ${name} in capitals`, token: withClaims(shop, { [name]: undefined, [name.toUpperCase()]: value }) },
      {
        what: `with a space behind the name ${name}`,
        token: withClaims(shop, { [name]: undefined, [`${name} `]: value }),
      },
      { what: `with ${name} in __proto__`, token: withPayload(shop, `{"__proto__":${own},${rest}`) },
      { what: `with ${name} in constructor`, token: withPayload(shop, `{"constructor":{"prototype":${own}},${rest}`) },
      { what: `with ${name} in another claim`, token: withPayload(shop, `{"claims":${own},${rest}`) },
      { what: `with ${name} in a list of claims`, token: withPayload(shop, `{"0":${own},${rest}`) },
    ]
  })
}

function times(shop: Workshop): Forgery[] {
  const { now } = shop
  const notNumbers: [string, string][] = [
    ['null', 'null'],
    ['a text of digits', `"${now + 3600}"`],
    ['an empty text', '""'],
    ['a date', '"2099-01-01T00:00:00Z"'],
    ['true', 'true'],
    ['false', 'false'],
    ['a list', `[${now + 3600}]`],
    ['an object', '{}'],
    ['beyond a double', '1e999'],
    ['NaN', 'NaN'],
    ['"NaN"', '"NaN"'],
    ['"Infinity"', '"Infinity"'],
    ['hexadecimal in a text', '"0x7fffffff"'],
  ]
  const past = [
    '0',
    '-0',
    '0.0',
    '-1',
    '-1e10',
    '1e-5',
    '1E3',
    String(now),
    `${now}.0`,
    String(now - 1),
    String(now - 0.5),
  ]
  const future = [String(now + 61), String(now + 60.5), String(now + 3600), '1e10', '1e300', '99999999999999999999']
  return [
    ...['exp', 'nbf', 'iat'].flatMap((name) =>
      notNumbers.map(([what, json]) => ({ what: `whose ${name} is ${what}`, token: withSpelling(shop, name, json) })),
    ),
    ...past.map((json) => ({ what: `whose exp is ${json}`, token: withSpelling(shop, 'exp', json), code: EXPIRED })),
    ...['nbf', 'iat'].flatMap((name) =>
      future.map((json) => ({ what: `whose ${name} is ${json}`, token: withSpelling(shop, name, json) })),
    ),
    { what: 'that never expires', token: withClaims(shop, { exp: undefined }) },
  ]
}

function audiences(shop: Workshop): Forgery[] {
  const aud = String(shop.claims.aud)
  const others = [
    'other',
    `${aud} `,
    ` ${aud}`,
    aud.toUpperCase(),
    `${aud}\u0000`,
    `${aud}\n`,
    `${aud},other`,
    `${aud} other`,
    `${aud}2`,
    aud.slice(0, -1),
    aud.replace('a', '\u0430'),
    `\u200b${aud}`,
    '*',
    `["${aud}"]`,
    `https://${aud}`,
    '__proto__',
    'x'.repeat(5000),
  ]
  const lists = [['other'], ['other', 'third'], [''], [aud, ''], [aud, 1], [aud, null], [[aud]], [{ aud }], [true, aud]]
  return [
    ...others.map((text) => ({
      what: `whose aud is ${JSON.stringify(text).slice(0, 40)}`,
      token: withClaims(shop, { aud: text }),
    })),
    ...lists.map((list) => ({ what: `whose aud is ${JSON.stringify(list)}`, token: withClaims(shop, { aud: list }) })),
    ...NO_TEXT.map(([what, value]) => ({ what: `whose aud is ${what}`, token: withClaims(shop, { aud: value }) })),
    { what: 'whose aud is the list as an object', token: withClaims(shop, { aud: { 0: aud, length: 1 } }) },
    { what: 'for nobody', token: withClaims(shop, { aud: undefined }) },
    ...['azp', 'client_id'].flatMap((name) => [
      ...NO_TEXT.map(([what, value]) => ({
        what: `whose ${name} is ${what}`,
        token: withClaims(shop, { [name]: value }),
      })),
      { what: `whose ${name} is a list of the client`, token: withClaims(shop, { aud: 'other', [name]: [aud] }) },
      {
        what: `whose ${name} is another client, and no aud`,
        token: withClaims(shop, { aud: undefined, [name]: 'other' }),
      },
    ]),
    ...['appid', 'cid', 'app_id', 'audience', 'Aud'].map((name) => ({
      what: `with the client in ${name} alone`,
      token: withClaims(shop, { aud: undefined, [name]: aud }),
    })),
  ]
}

function issuers(shop: Workshop): Forgery[] {
  const { iss } = shop.claims
  const { host, port, pathname } = new URL(iss)
  const others = [
    `${iss}/`,
    `${iss}//`,
    `${iss}?`,
    `${iss}#`,
    `${iss}?x=y`,
    `${iss}/../demo`,
    `${iss}/.`,
    `${iss}%2F`,
    `${iss} `,
    ` ${iss}`,
    `${iss}\u0000`,
    `${iss}\n`,
    iss.toUpperCase(),
    iss.replace('demo', 'Demo'),
    iss.replace('http:', 'HTTP:'),
    iss.replace('http:', 'https:'),
    iss.replace('http://', ''),
    iss.replace('http://', '//'),
    iss.replace('http://', 'http:/'),
    iss.replace('http://', 'http://user@'),
    iss.replace('http://', 'http://user:password@'),
    iss.replace('http://', 'http://evil.example@'),
    iss.replace('127.0.0.1', '127.1'),
    iss.replace('127.0.0.1', '2130706433'),
    iss.replace('127.0.0.1', '0x7f000001'),
    iss.replace('127.0.0.1', '127.0.0.1.'),
    iss.replace('127.0.0.1', 'localhost'),
    iss.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    iss.replace('127.0.0.1', '１２７.0.0.1'),
    iss.replace(`:${port}`, `:0${port}`),
    iss.replace(`:${port}`, ':80'),
    iss.replace(`:${port}`, ''),
    iss.replace('demo', 'dem\u043e'),
    iss.replace('demo', '%64emo'),
    iss.replace('/realms', '//realms'),
    iss.replace('/realms', '\\realms'),
    `http://${host}`,
    `http://evil.example${pathname}`,
    `http://${host}.evil.example${pathname}`,
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:application/json,{}',
    'aws',
    'sts.amazonaws.com',
    '__proto__',
    'http://',
    `${iss}${'/x'.repeat(4000)}`,
  ]
  return [
    ...others.map((url) => ({ what: `of ${JSON.stringify(url).slice(0, 80)}`, token: withClaims(shop, { iss: url }) })),
    ...NO_TEXT.map(([what, value]) => ({ what: `whose iss is ${what}`, token: withClaims(shop, { iss: value }) })),
    { what: 'whose iss is a list', token: withClaims(shop, { iss: [iss] }) },
    { what: 'whose iss is a list of several', token: withClaims(shop, { iss: [iss, 'http://evil.example'] }) },
    { what: 'of nobody', token: withClaims(shop, { iss: undefined }) },
  ]
}

const subjects = (shop: Workshop): Forgery[] => [
  ...NO_TEXT.map(([what, value]) => ({ what: `whose sub is ${what}`, token: withClaims(shop, { sub: value }) })),
  { what: 'whose sub is a list', token: withClaims(shop, { sub: [shop.claims.sub] }) },
  ...['a\u0000b', 'alice\n', '\u001b[2J', 'a\u007f', 'a\u0085', '\ufffe', 'x'.repeat(1025), 'x'.repeat(9000)].map(
    (sub) => ({
      what: `whose sub is ${JSON.stringify(sub).slice(0, 20)} of ${sub.length} characters`,
      token: withClaims(shop, { sub }),
    }),
  ),
  { what: 'without sub', token: withClaims(shop, { sub: undefined }) },
]

/** Forgeries that the issuer's own key has signed: only what they say is wrong. */
export const forgedClaims = (shop: Workshop): readonly Forgery[] => [
  ...payloads(shop),
  ...names(shop),
  ...times(shop),
  ...audiences(shop),
  ...issuers(shop),
  ...subjects(shop),
]
