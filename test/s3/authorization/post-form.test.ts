import { createHmac } from 'node:crypto'
import { GetObjectCommand, GetObjectTaggingCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SigningCredentials } from '../../support/sign.ts'
import { sendRaw } from './support/raw-request.ts'
import { policy as document, OURS, outcome, startWorld, type World } from './support/world.ts'

let world: World
let bucket: string
beforeAll(async () => {
  world = await startWorld()
  bucket = await world.bucket('ourroot')
})
afterAll(() => world.close())

const HOUR = 3_600_000
const basic = (at: number) => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** A form as a page has it: what it sends, and what its maker signed. */
interface Form {
  readonly as?: SigningCredentials
  readonly fields?: Readonly<Record<string, string>>
  /** Default: exactly the fields, the bucket, and at most 1 KiB. */
  readonly conditions?: readonly unknown[]
  readonly policy?: unknown
  readonly expires?: number
  readonly now?: number
  readonly service?: string
  /** Changed after the policy was signed. */
  readonly tamper?: (fields: Record<string, string>) => Record<string, string>
  readonly file?: string
  readonly fileName?: string
  readonly fileType?: string
  readonly body?: (body: string, boundary: string) => string
  readonly headers?: Readonly<Record<string, string>>
  readonly path?: string
}

const BOUNDARY = 'form-boundary-7'

function bodyOf(form: Form): string {
  const { fields = {}, as = world.credentials('full'), now = Date.now(), service = 's3', file = 'content' } = form
  const scope = `${basic(now).slice(0, 8)}/us-east-1/${service}/aws4_request`
  const all: Record<string, string> = {
    key: 'uploads/a',
    ...fields,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${as.accessKeyId}/${scope}`,
    'x-amz-date': basic(now),
    ...(as.sessionToken !== undefined && { 'x-amz-security-token': as.sessionToken }),
  }
  const conditions = form.conditions ?? [
    { bucket },
    ...Object.entries(all).map(([name, value]) => ({ [name]: value })),
    ['content-length-range', 1, 1024],
  ]
  const expiration = new Date(form.expires ?? now + HOUR).toISOString()
  const text = Buffer.from(JSON.stringify(form.policy ?? { expiration, conditions })).toString('base64')
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${as.secretAccessKey}`)
  const signed = { ...all, policy: text, 'x-amz-signature': createHmac('sha256', key).update(text).digest('hex') }
  const sent = form.tamper ? form.tamper(signed) : signed
  const parts = Object.entries(sent).map(([name, value]) => part(`name="${name}"`, value))
  const type = form.fileType === undefined ? '' : `Content-Type: ${form.fileType}\r\n`
  const whole = `${parts.join('')}${part(`name="file"; filename="${form.fileName ?? 'a.txt'}"`, file, type)}--${BOUNDARY}--\r\n`
  return form.body ? form.body(whole, BOUNDARY) : whole
}

const part = (disposition: string, value: string, more = '') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n${more}\r\n${value}\r\n`

const post = (form: Form = {}) =>
  sendRaw(world.gateway.endpoint, {
    method: 'POST',
    path: form.path ?? `/${bucket}`,
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, ...form.headers },
    body: bodyOf(form),
  })

const read = async (Key: string) => {
  const answer = await world.client(world.credentials('ourroot')).send(new GetObjectCommand({ Bucket: bucket, Key }))
  return { ...answer, text: await answer.Body?.transformToString() }
}

describe('a form', () => {
  it('stores its file for whom its maker lets, with the fields as its properties', async () => {
    const fields = { 'Content-Type': 'text/plain', 'x-amz-meta-made-by': 'a form', 'Cache-Control': 'no-store' }
    const tagging =
      '<Tagging><TagSet><Tag><Key>team</Key><Value>blue &amp; red</Value></Tag></TagSet></Tagging>'.replace(
        'blue &amp; red',
        'blue',
      )
    const answer = await post({ fields: { ...fields, tagging }, file: 'hello' })
    expect(answer.status).toBe(204)
    const stored = await read('uploads/a')
    expect([stored.text, stored.ContentType, stored.CacheControl, stored.Metadata]).toEqual([
      'hello',
      'text/plain',
      'no-store',
      { 'made-by': 'a form' },
    ])
    const { TagSet } = await world
      .client(world.credentials('ourroot'))
      .send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'uploads/a' }))
    expect(TagSet).toEqual([{ Key: 'team', Value: 'blue' }])
    expect(answer.headers.etag).toBe(stored.ETag)
  })

  it('may carry a session', async () => {
    expect((await post({ as: await world.role(OURS, 'fullworker') })).status).toBe(204)
  })

  it('streams a file of many chunks, whatever is in it', async () => {
    const file = `${'x'.repeat(300_000)}\r\n--form-boundary\r\n--${BOUNDARY.slice(0, -1)}-${'y'.repeat(300_000)}`
    const conditions = [{ bucket }, ['starts-with', '$key', ''], ...amz, ['content-length-range', 0, 10_000_000]]
    expect((await post({ file, conditions, fields: { key: 'large' } })).status).toBe(204)
    expect((await read('large')).text).toBe(file)
  })

  it.each([
    ['200', 200],
    ['201', 201],
    ['204', 204],
    ['302', 204],
    ['no', 204],
  ])('that asks for status %s is answered %i', async (wish, status) => {
    const answer = await post({ fields: { success_action_status: wish } })
    expect(answer.status).toBe(status)
    if (status !== 201) return
    expect(answer.body).toContain('<PostResponse><Location>')
    expect(answer.body).toContain(`<Bucket>${bucket}</Bucket><Key>uploads/a</Key>`)
  })

  it.each([
    ['https://app.example/done?x=1', 303],
    ['javascript:alert(1)', 204],
    ['/relative', 204],
  ])('sends its page to %s: %i', async (success_action_redirect, status) => {
    const { headers, status: answered } = await post({ fields: { success_action_redirect } })
    expect(answered).toBe(status)
    if (status === 303)
      expect(headers.location).toMatch(/^https:\/\/app\.example\/done\?x=1&bucket=bucket-\d+&key=uploads%2Fa&etag=/)
  })

  it('puts the name of the file into its key, without the folders before it', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own placeholder
    const fields = { key: 'named/${filename}' }
    await post({ fields, fileName: 'C:\\\\pictures\\\\cat.png' })
    expect((await read('named/cat.png')).text).toBe('content')
    await post({ fields, fileName: "a$$b$&c$'d$`" })
    expect((await read("named/a$$b$&c$'d$`")).text).toBe('content')
  })

  it('may have fields of its own that nobody looks at', async () => {
    expect((await post({ tamper: (fields) => ({ ...fields, 'x-ignore-me': '1' }) })).status).toBe(204)
  })
})

describe('a field that would be a header', () => {
  it.each([
    ['x-amz-meta-two words', 'x'],
    ['x-amz-meta-caf\u00e9', 'x'],
    ['x-amz-meta-a', 'x\r\ny: z'],
    ['Content-Type', 'text/html\nx'],
    ['Cache-Control', 'x\0'],
  ])('is refused as %j: %j, and nothing is stored', async (name, value) => {
    const fields = { key: 'uploads/no-header', [name]: value }
    const answer = await post({ fields })
    expect([answer.status, answer.code]).toEqual([400, 'InvalidArgument'])
    await expect(read('uploads/no-header')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it('may have tabs and characters beyond ASCII in its value', async () => {
    await post({ fields: { 'x-amz-meta-a': 'caf\u00e9\tx' } })
    expect((await read('uploads/a')).Metadata?.a).toContain('caf')
  })
})

const amz = ['algorithm', 'credential', 'date'].map((name) => ['starts-with', `$x-amz-${name}`, ''])
const within = (...more: unknown[]) => [{ bucket: 'BUCKET' }, ['starts-with', '$key', 'uploads/'], ...amz, ...more]

describe('a condition', () => {
  const real = (conditions: unknown[]) =>
    conditions.map((each) => (JSON.stringify(each).includes('BUCKET') ? { bucket } : each))
  it.each<[string, unknown[], Record<string, string>, string, Record<string, string>, string]>([
    [
      'exact',
      within({ acl: 'bucket-owner-full-control' }),
      { acl: 'bucket-owner-full-control' },
      '',
      { acl: 'bucket-owner-read' },
      'AccessDenied',
    ],
    [
      'exact, as a list',
      within(['eq', '$acl', 'bucket-owner-full-control']),
      { acl: 'bucket-owner-full-control' },
      '',
      {},
      'AccessDenied',
    ],
    ['of a beginning', within(), { key: 'uploads/b' }, '', { key: 'elsewhere/b' }, 'AccessDenied'],
    [
      'of any beginning',
      within(['starts-with', '$acl', '']),
      { acl: 'bucket-owner-full-control' },
      '',
      {},
      'AccessDenied',
    ],
    [
      'in other case',
      within(['STARTS-WITH', '$Content-TYPE', 'image/']),
      { 'content-type': 'image/png' },
      '',
      { 'content-type': 'text/html' },
      'AccessDenied',
    ],
    ['for every field', within(), {}, '', { 'x-amz-meta-more': 'x' }, 'AccessDenied'],
  ])('%s', async (_kind, conditions, granted, _none, refused, code) => {
    expect((await post({ conditions: real(conditions), fields: granted })).status).toBe(204)
    expect((await post({ conditions: real(conditions), fields: refused })).code).toBe(code)
  })

  it.each([
    [3, 5, 'four', ''],
    [4, 4, 'four', ''],
    [5, 9, 'four', 'EntityTooSmall'],
    [0, 3, 'four', 'EntityTooLarge'],
  ])('of %i to %i bytes', async (least, most, file, code) => {
    const conditions = real(within(['content-length-range', least, most]))
    expect((await post({ conditions, file })).code).toBe(code)
  })
})

describe('a form is refused', () => {
  const now = () => Date.now()
  const without =
    (name: string) =>
    ({ [name]: _gone, ...fields }: Record<string, string>) =>
      fields
  it.each<[string, () => Form, string]>([
    ['that is expired', () => ({ expires: now() - 1 }), 'AccessDenied'],
    ['that expires this very moment', () => ({ expires: now() }), 'AccessDenied'],
    ['without an expiration', () => ({ policy: { conditions: [] } }), 'InvalidPolicyDocument'],
    [
      'with an expiration in other case',
      () => ({ policy: { Expiration: new Date(now() + HOUR), conditions: [] } }),
      'InvalidPolicyDocument',
    ],
    [
      'with an expiration that is no instant',
      () => ({ policy: { expiration: 'tomorrow', conditions: [] } }),
      'InvalidPolicyDocument',
    ],
    ['without conditions', () => ({ policy: { expiration: new Date(now() + HOUR) } }), 'InvalidPolicyDocument'],
    [
      'with a condition of an unknown kind',
      () => ({ conditions: [{ bucket }, ['ends-with', '$key', 'a']] }),
      'InvalidPolicyDocument',
    ],
    [
      'with a range that is none',
      () => ({ conditions: [{ bucket }, ['content-length-range', 0]] }),
      'InvalidPolicyDocument',
    ],
    [
      'with a range of words',
      () => ({ conditions: [{ bucket }, ['content-length-range', -1, 'x']] }),
      'InvalidPolicyDocument',
    ],
    ['with a policy that is no JSON', () => ({ tamper: (f) => f, policy: 'text' }), 'InvalidPolicyDocument'],
    [
      'for another bucket',
      () => ({ conditions: [{ bucket: 'another' }, ['starts-with', '$key', ''], ...amz] }),
      'AccessDenied',
    ],
    ['that names no bucket', () => ({ conditions: [['starts-with', '$key', ''], ...amz] }), 'AccessDenied'],
    ['whose key was changed', () => ({ tamper: (f) => ({ ...f, key: 'other' }) }), 'AccessDenied'],
    [
      'whose policy was changed',
      () => ({ tamper: (f) => ({ ...f, policy: `${f.policy}IA==` }) }),
      'SignatureDoesNotMatch',
    ],
    [
      'whose signature was changed',
      () => ({ tamper: (f) => ({ ...f, 'x-amz-signature': '0'.repeat(64) }) }),
      'SignatureDoesNotMatch',
    ],
    ['whose signature is none', () => ({ tamper: (f) => ({ ...f, 'x-amz-signature': 'x' }) }), 'SignatureDoesNotMatch'],
    ['without its signature', () => ({ tamper: without('x-amz-signature') }), 'InvalidArgument'],
    ['without its policy', () => ({ tamper: without('policy') }), 'InvalidArgument'],
    ['without its date', () => ({ tamper: without('x-amz-date') }), 'InvalidArgument'],
    ['without its key', () => ({ tamper: without('key') }), 'InvalidArgument'],
    [
      'of an unknown access key',
      () => ({ as: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' } }),
      'InvalidAccessKeyId',
    ],
    [
      'with a wrong secret',
      () => ({ as: { ...world.credentials('full'), secretAccessKey: 'x' } }),
      'SignatureDoesNotMatch',
    ],
    [
      'with another key’s token',
      () => ({ as: { ...world.credentials('full'), sessionToken: 'forged' } }),
      'InvalidToken',
    ],
    ['signed for another service', () => ({ service: 'sts' }), 'AuthorizationHeaderMalformed'],
    ['signed in the future', () => ({ now: now() + HOUR }), 'RequestTimeTooSkewed'],
    [
      'signed more than a week ago',
      () => ({ now: now() - 8 * 24 * HOUR, expires: now() + HOUR }),
      'RequestTimeTooSkewed',
    ],
    [
      'of SigV2',
      () => ({ tamper: (f) => ({ ...f, AWSAccessKeyId: 'AKIAFULL', signature: 'c2ln' }) }),
      'InvalidRequest',
    ],
    ['of who may not put', () => ({ as: world.credentials('plain') }), 'AccessDenied'],
    ['of a stranger', () => ({ as: world.credentials('fullstranger') }), 'AccessDenied'],
    [
      'with an Authorization header too',
      () => ({ headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x' } }),
      'AuthorizationHeaderMalformed',
    ],
    ['with a public ACL', () => ({ fields: { acl: 'public-read' } }), 'AccessControlListNotSupported'],
    ['with a key too long', () => ({ fields: { key: 'k'.repeat(1025) } }), 'KeyTooLongError'],
    [
      'to a bucket that is not there',
      () => ({ path: '/nowhere', conditions: [{ bucket: 'nowhere' }, ['starts-with', '$key', ''], ...amz] }),
      'NoSuchBucket',
    ],
    [
      'with a field after its file',
      () => ({ body: (b) => b.replace(`--${BOUNDARY}--`, `${part('name="key"', 'other')}--${BOUNDARY}--`) }),
      'MalformedPOSTRequest',
    ],
    ['with more behind its end', () => ({ body: (b) => `${b}more` }), 'MalformedPOSTRequest'],
    ['that ends too early', () => ({ body: (b) => b.slice(0, 200) }), 'MalformedPOSTRequest'],
    [
      'without a file',
      () => ({ body: (b) => b.replace('name="file"; filename="a.txt"', 'name="x-ignore-file"') }),
      'InvalidArgument',
    ],
    ['with a field twice', () => ({ body: (b) => part('name="KEY"', 'other') + b }), 'InvalidArgument'],
    ['with a part without a name', () => ({ body: (b) => part('filename="x"', 'other') + b }), 'MalformedPOSTRequest'],
    [
      'with more than 20 KB of fields',
      () => ({ tamper: (f) => ({ ...f, 'x-ignore-it': 'x'.repeat(21_000) }) }),
      'MaxPostPreDataLengthExceededError',
    ],
    [
      'of another type',
      () => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      'PreconditionFailed',
    ],
    [
      'with two boundaries',
      () => ({ headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}; boundary=x` } }),
      'PreconditionFailed',
    ],
  ])('%s, and nothing is stored', async (_flaw, form, code) => {
    const made = form()
    const answer = await post({ ...made, fields: { key: 'refused/it', ...made.fields } })
    expect(answer.code).toBe(code)
    const found = world
      .client(world.credentials('ourroot'))
      .send(new GetObjectCommand({ Bucket: bucket, Key: 'refused/it' }))
    expect(await outcome(found)).toBe('NoSuchKey')
  })
})

describe('a form whose request is signed too', () => {
  it.each([
    ['in a header', undefined],
    ['in the query', 600],
  ])('%s is refused: it would have two signers', async (_where, presigned) => {
    const answer = await sendRaw(world.gateway.endpoint, {
      method: 'POST',
      path: `/${bucket}`,
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      body: bodyOf({}),
      as: world.credentials('ourroot'),
      ...(presigned !== undefined && { presigned }),
    })
    expect([answer.status, answer.code]).toEqual([400, 'InvalidRequest'])
  })
})

describe('a form that nobody signed', () => {
  it('stores only where the bucket lets everyone', async () => {
    const open = await world.bucket('ourroot', (name) =>
      document({ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${name}/in/*` }),
    )
    const anonymous = (to: string, key: string) =>
      sendRaw(world.gateway.endpoint, {
        method: 'POST',
        path: `/${to}`,
        headers: { 'content-type': `multipart/form-data; boundary="${BOUNDARY}"` },
        body: `${part('name="key"', key)}${part('name="file"; filename="x"', 'y')}--${BOUNDARY}--\r\n`,
      })
    expect((await anonymous(open, 'in/a')).status).toBe(204)
    expect((await anonymous(open, 'out/a')).code).toBe('AccessDenied')
    expect((await anonymous(bucket, 'in/a')).code).toBe('AccessDenied')
  })
})
