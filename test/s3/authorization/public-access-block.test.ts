import {
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendRaw } from './support/raw-request.ts'
import { OURS, outcome, policy, startWorld, THEIRS, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const as = (name: string) => world.client(world.credentials(name))
const allow = (bucket: string, Principal: unknown) =>
  policy({ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` })
const block = (Bucket: string, PublicAccessBlockConfiguration: object) =>
  as('ourroot').send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
const put = (Bucket: string, document: object) =>
  outcome(as('ourroot').send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(document) })))
const read = (Bucket: string, name: string) => outcome(as(name).send(new GetObjectCommand({ Bucket, Key: 'k' })))
const anonymous = async (bucket: string) => (await sendRaw(world.gateway.endpoint, { path: `/${bucket}/k` })).status

describe('BlockPublicPolicy', () => {
  it('refuses a public policy, and no other', async () => {
    const bucket = await world.bucket('ourroot')
    await block(bucket, { BlockPublicPolicy: true })
    expect(await put(bucket, allow(bucket, '*'))).toBe('AccessDenied')
    expect(await anonymous(bucket)).toBe(403)
    expect(await put(bucket, allow(bucket, { AWS: THEIRS }))).toBe('granted')
    await block(bucket, { BlockPublicPolicy: false })
    expect(await put(bucket, allow(bucket, '*'))).toBe('granted')
    expect(await anonymous(bucket)).toBe(200)
  })
})

describe('RestrictPublicBuckets', () => {
  it('keeps a public policy to the owner’s account, and leaves any other alone', async () => {
    const bucket = await world.bucket('ourroot', (name) => allow(name, '*'))
    const who = async () => [await anonymous(bucket), await read(bucket, 'fullstranger'), await read(bucket, 'plain')]
    expect(await who()).toEqual([200, 'granted', 'granted'])
    await block(bucket, { RestrictPublicBuckets: true })
    expect(await who()).toEqual([403, 'AccessDenied', 'granted'])
    await put(bucket, allow(bucket, { AWS: [THEIRS, `arn:aws:iam::${OURS}:user/plain`] }))
    expect(await who()).toEqual([403, 'granted', 'granted'])
    await put(bucket, allow(bucket, '*'))
    await as('ourroot').send(new DeletePublicAccessBlockCommand({ Bucket: bucket }))
    expect(await who()).toEqual([200, 'granted', 'granted'])
  })
})

describe('the settings', () => {
  it('are answered as they were set, and only to who may know', async () => {
    const bucket = await world.bucket('ourroot')
    const get = (name: string) => as(name).send(new GetPublicAccessBlockCommand({ Bucket: bucket }))
    expect(await outcome(get('ourroot'))).toBe('NoSuchPublicAccessBlockConfiguration')
    await block(bucket, { BlockPublicAcls: true, RestrictPublicBuckets: false })
    expect((await get('ourroot')).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    })
    for (const name of ['plain', 'fullstranger']) {
      expect(await outcome(get(name))).toBe('AccessDenied')
      const wish = { Bucket: bucket, PublicAccessBlockConfiguration: {} }
      expect(await outcome(as(name).send(new PutPublicAccessBlockCommand(wish)))).toBe('AccessDenied')
      expect(await outcome(as(name).send(new DeletePublicAccessBlockCommand({ Bucket: bucket })))).toBe('AccessDenied')
    }
  })

  it.each([
    '<Nonsense>true</Nonsense>',
    '<BlockPublicPolicy>maybe</BlockPublicPolicy>',
    '<BlockPublicPolicy>true</BlockPublicPolicy>'.repeat(2),
  ])('as %s are refused', async (inner) => {
    const bucket = await world.bucket('ourroot')
    const body = `<PublicAccessBlockConfiguration>${inner}</PublicAccessBlockConfiguration>`
    const wish = { method: 'PUT', path: `/${bucket}?publicAccessBlock`, as: world.credentials('ourroot'), body }
    expect((await sendRaw(world.gateway.endpoint, wish)).code).toBe('MalformedXML')
  })
})
