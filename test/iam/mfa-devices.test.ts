import { createHmac } from 'node:crypto'
import { mfaDeviceKey, mfaUseKey, userKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, credentialsOf } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

const serial = (name: string) => `arn:aws:iam::${ACCOUNT}:mfa/${name}`
const STEP = 30_000

let daypass: IamDeployment
let bob: SigningCredentials

beforeEach(async () => {
  daypass = await iamDeployment()
  bob = await daypass.user('bob')
})

/** Makes a device; answers what an app that was given its seed shows `later` steps from now. */
async function createDevice(VirtualMFADeviceName = 'phone', params = {}) {
  const { VirtualMFADevice } = await daypass.root('CreateVirtualMFADevice', { VirtualMFADeviceName, ...params })
  const seed = fromBase32(Buffer.from(VirtualMFADevice.Base32StringSeed, 'base64').toString())
  const codeAt = (later: number) => totp(seed, Math.floor(daypass.clock.now() / STEP) + later)
  return { SerialNumber: VirtualMFADevice.SerialNumber as string, codeAt }
}

/** RFC 6238 by the book, apart from the product's. */
function totp(seed: Buffer, step: number): string {
  const digest = createHmac('sha1', seed)
    .update(Buffer.from(step.toString(16).padStart(16, '0'), 'hex'))
    .digest()
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7fffffff
  return String(number).slice(-6).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

type Device = Awaited<ReturnType<typeof createDevice>>

const codes = ({ SerialNumber, codeAt }: Device, first: number, second: number) => ({
  SerialNumber,
  AuthenticationCode1: codeAt(first),
  AuthenticationCode2: codeAt(second),
})
const enable = (device: Device, first = -1, second = 0, UserName = 'bob') =>
  daypass.iam(ROOT, 'EnableMFADevice', { UserName, ...codes(device, first, second) })
const devicesOfBob = async () => members((await daypass.root('ListMFADevices', { UserName: 'bob' })).MFADevices)

describe('CreateVirtualMFADevice', () => {
  it('answers a serial number with the path, and a seed of 40 bytes this once', async () => {
    const { VirtualMFADevice } = await daypass.root('CreateVirtualMFADevice', {
      VirtualMFADeviceName: 'phone',
      Path: '/staff/',
      Tags: [{ Key: 'team', Value: 'blue' }],
    })
    const text = Buffer.from(VirtualMFADevice.Base32StringSeed, 'base64').toString()
    expect(Buffer.from(VirtualMFADevice.QRCodePNG, 'base64').subarray(1, 4).toString()).toBe('PNG')
    expect(VirtualMFADevice).toMatchObject({
      SerialNumber: serial('staff/phone'),
      Tags: { member: [{ Key: 'team', Value: 'blue' }] },
    })
    expect(text).toMatch(/^[A-Z2-7]{64}$/)
    const list = await daypass.root('ListVirtualMFADevices')
    const row = await daypass.deps.store.get(mfaDeviceKey(ACCOUNT, 'phone'))
    expect(JSON.stringify([list, row, daypass.logged])).not.toContain(text)
    expect(JSON.stringify(row)).not.toContain(fromBase32(text).toString('base64'))
  })

  it.each([
    ['a name that is taken', { VirtualMFADeviceName: 'PHONE', Path: '/x/' }, 'EntityAlreadyExists'],
    ['a name of 227 characters', { VirtualMFADeviceName: 'x'.repeat(227) }, 'ValidationError'],
    [
      'a path that leaves the name no room',
      { VirtualMFADeviceName: 'x', Path: `/${'x'.repeat(250)}/` },
      'ValidationError',
    ],
    ['a reserved tag', { VirtualMFADeviceName: 'y', Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidInput'],
    ['another name', { VirtualMFADeviceName: 'phone2' }, undefined],
  ])('answers to %s: %s', async (_what, params, code) => {
    await createDevice()
    expect((await daypass.iam(ROOT, 'CreateVirtualMFADevice', params)).code).toBe(code)
  })
})

describe('EnableMFADevice', () => {
  it('makes a device the user’s with two codes in a row', async () => {
    const device = await createDevice()
    expect((await enable(device)).code).toBeUndefined()
    const known = { UserName: 'bob', SerialNumber: serial('phone'), EnableDate: '2026-01-01T00:00:00Z' }
    expect(await devicesOfBob()).toEqual([known])
    expect(await daypass.root('GetMFADevice', { SerialNumber: serial('phone'), UserName: 'bob' })).toEqual(known)
    await daypass.root('DeleteAccessKey', { UserName: 'bob', AccessKeyId: bob.accessKeyId })
    expect(await daypass.iam(ROOT, 'DeleteUser', { UserName: 'bob' })).toMatchObject({
      code: 'DeleteConflict',
      message: 'Cannot delete entity, must delete MFA device first.',
    })
  })

  it.each([
    ['the code of now and the next one', 0, 1],
    ['the last two codes, one step late', -2, -1],
  ])('takes %s', async (_what, first, second) => {
    expect((await enable(await createDevice(), first, second)).code).toBeUndefined()
  })

  it.each([
    ['one code twice', 0, 0],
    ['codes in the wrong order', 0, -1],
    ['codes with a gap', -2, 0],
    ['codes that are too old', -3, -2],
    ['codes of the future', 1, 2],
  ])('refuses %s', async (_what, first, second) => {
    const answer = await enable(await createDevice(), first, second)
    expect([answer.status, answer.code]).toEqual([403, 'InvalidAuthenticationCode'])
    expect(await devicesOfBob()).toEqual([])
  })

  it('refuses the codes of another device, and never repeats a code', async () => {
    const [phone, other] = [await createDevice(), await createDevice('other')]
    const answer = await daypass.iam(ROOT, 'EnableMFADevice', {
      UserName: 'bob',
      ...codes(other, -1, 0),
      SerialNumber: phone.SerialNumber,
    })
    expect(answer.code).toBe('InvalidAuthenticationCode')
    expect(answer.message).not.toContain(other.codeAt(0))
  })

  it.each([
    ['a device that is in use', 'phone', 'eve', 'EntityAlreadyExists'],
    ['a device that is not there', 'none', 'bob', 'NoSuchEntity'],
    ['a user that is not there', 'spare', 'none', 'NoSuchEntity'],
  ])('refuses %s', async (_what, name, user, code) => {
    await daypass.root('CreateUser', { UserName: 'eve' })
    const phone = await createDevice()
    const spare = await createDevice('spare')
    await enable(phone)
    const device = name === 'spare' ? spare : { ...phone, SerialNumber: serial(name) }
    expect((await enable(device, 0, 1, user)).code).toBe(code)
  })

  it.each([
    ['another path', `arn:aws:iam::${ACCOUNT}:mfa/other/phone`],
    ['another account', 'arn:aws:iam::111111111111:mfa/phone'],
    ['no ARN', 'phone-of-bob/phone'],
    ['an end without a name', `arn:aws:iam::${ACCOUNT}:mfa/phone/`],
  ])('knows no device by %s', async (_what, SerialNumber) => {
    const device = await createDevice()
    expect((await enable({ ...device, SerialNumber })).code).toBe('NoSuchEntity')
    expect((await daypass.iam(ROOT, 'DeleteVirtualMFADevice', { SerialNumber })).code).toBe('NoSuchEntity')
    expect((await enable(device)).code).toBeUndefined()
  })

  it('refuses a ninth device', async () => {
    for (let n = 0; n < 8; n++) expect((await enable(await createDevice(`d${n}`))).code).toBeUndefined()
    expect((await enable(await createDevice('d8'))).code).toBe('LimitExceeded')
  })

  it('gives no device that another has just enabled', async () => {
    await daypass.root('CreateUser', { UserName: 'eve' })
    const device = await createDevice()
    const { store } = daypass.deps
    const { put } = store
    store.put = async (item, options) => {
      if (item.pk === mfaUseKey(ACCOUNT, 'phone').pk) {
        await store.update(mfaDeviceKey(ACCOUNT, 'phone'), { set: { userName: 'eve' } })
      }
      return put(item, options)
    }
    expect((await enable(device)).code).toBe('EntityAlreadyExists')
    expect(await devicesOfBob()).toEqual([])
  })

  it('gives no device to a user that is deleted at this moment', async () => {
    const device = await createDevice()
    const { store } = daypass.deps
    const { update } = store
    store.update = async (key, changes, options) => {
      if (key.pk === userKey(ACCOUNT, 'bob').pk) {
        store.update = update
        await store.remove(userKey(ACCOUNT, 'bob'))
      }
      return update(key, changes, options)
    }
    expect((await enable(device)).code).toBe('NoSuchEntity')
    await daypass.root('CreateUser', { UserName: 'bob' })
    expect(await devicesOfBob()).toEqual([])
  })
})

describe('a device in use', () => {
  it('goes with its user to a new name', async () => {
    await enable(await createDevice())
    await daypass.root('UpdateUser', { UserName: 'bob', NewUserName: 'rob' })
    expect(members((await daypass.root('ListMFADevices', { UserName: 'rob' })).MFADevices)).toMatchObject([
      { UserName: 'rob' },
    ])
  })

  it('opens sessions that may call IAM, until it is deactivated', async () => {
    const device = await createDevice()
    await enable(device)
    await daypass.root('AttachUserPolicy', { UserName: 'bob', PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' })
    daypass.clock.advance(STEP)
    const { SerialNumber } = device
    const ask = () => daypass.signed(bob, { Action: 'GetSessionToken', SerialNumber, TokenCode: device.codeAt(0) })
    const session = credentialsOf(await ask())
    expect((await daypass.iam(session, 'GetUser')).result.User.UserName).toBe('bob')
    daypass.clock.advance(STEP)
    await daypass.root('DeactivateMFADevice', { UserName: 'bob', SerialNumber })
    expect((await ask()).error?.Code).toBe('AccessDenied')
  })

  it('is listed with its user, in pages and by assignment', async () => {
    await enable(await createDevice())
    await createDevice('spare')
    const list = async (params: object) => {
      const { VirtualMFADevices, IsTruncated } = await daypass.root('ListVirtualMFADevices', { ...params })
      return [members(VirtualMFADevices).map(({ SerialNumber, User }) => [SerialNumber, User?.UserName]), IsTruncated]
    }
    const [phone, spare] = [
      [serial('phone'), 'bob'],
      [serial('spare'), undefined],
    ]
    expect(await list({})).toEqual([[phone, spare], 'false'])
    expect(await list({ MaxItems: 1 })).toEqual([[phone], 'true'])
    expect(await list({ AssignmentStatus: 'Assigned', MaxItems: 1 })).toEqual([[phone], 'false'])
    expect(await list({ AssignmentStatus: 'Unassigned' })).toEqual([[spare], 'false'])
  })

  it('is deleted only after it was deactivated, and is then anybody’s to enable', async () => {
    const device = await createDevice()
    await enable(device)
    const { SerialNumber } = device
    expect((await daypass.iam(ROOT, 'DeleteVirtualMFADevice', { SerialNumber })).code).toBe('DeleteConflict')
    const deactivate = (UserName: string) => daypass.iam(ROOT, 'DeactivateMFADevice', { UserName, SerialNumber })
    await daypass.root('CreateUser', { UserName: 'eve' })
    expect((await deactivate('eve')).code).toBe('NoSuchEntity')
    expect((await deactivate('bob')).code).toBeUndefined()
    expect((await deactivate('bob')).code).toBe('NoSuchEntity')
    expect(await devicesOfBob()).toEqual([])
    expect((await enable(device, 0, 1, 'eve')).code).toBe('InvalidAuthenticationCode')
    daypass.clock.advance(2 * STEP)
    expect((await enable(device, -1, 0, 'eve')).code).toBeUndefined()
    await daypass.root('DeactivateMFADevice', { UserName: 'eve', SerialNumber })
    await daypass.root('DeleteVirtualMFADevice', { SerialNumber })
    expect((await daypass.iam(ROOT, 'DeleteVirtualMFADevice', { SerialNumber })).code).toBe('NoSuchEntity')
  })

  it('is accepted again after too many wrong codes, with two new ones in a row', async () => {
    const device = await createDevice()
    await enable(device)
    const key = mfaUseKey(ACCOUNT, 'phone')
    await daypass.deps.store.update(key, { set: { failures: 3, lockedUntil: daypass.clock.now() + 900_000 } })
    const resync = (first: number, second: number) =>
      daypass.iam(ROOT, 'ResyncMFADevice', { UserName: 'bob', ...codes(device, first, second) })
    expect((await resync(-1, 0)).code).toBe('InvalidAuthenticationCode')
    expect((await resync(0, 1)).code).toBe('InvalidAuthenticationCode')
    daypass.clock.advance(2 * STEP)
    expect((await resync(-1, 0)).code).toBeUndefined()
    const row = await daypass.deps.store.get(key)
    expect([row?.failures, row?.lockedUntil]).toEqual([undefined, undefined])
    expect(await devicesOfBob()).toMatchObject([{ UserName: 'bob' }])
    const spare = await createDevice('spare')
    expect((await daypass.iam(ROOT, 'ResyncMFADevice', { UserName: 'bob', ...codes(spare, -1, 0) })).code).toBe(
      'NoSuchEntity',
    )
  })

  it('takes its spent codes with it when it is deleted, but not those of another of its name', async () => {
    const { store } = daypass.deps
    const key = mfaUseKey(ACCOUNT, 'phone')
    const remove = async (device: Device) => {
      await daypass.root('DeactivateMFADevice', { UserName: 'bob', SerialNumber: device.SerialNumber })
      await daypass.root('DeleteVirtualMFADevice', { SerialNumber: device.SerialNumber })
    }
    const first = await createDevice()
    await enable(first)
    await remove(first)
    expect(await store.get(key)).toBeUndefined()

    const second = await createDevice()
    await enable(second)
    const { remove: removeRow } = store
    store.remove = async (row, options) => {
      if (row.pk === key.pk) await store.update(key, { set: { seedId: 'of-a-third' } })
      return removeRow(row, options)
    }
    await remove(second)
    expect(await store.get(key)).toMatchObject({ seedId: 'of-a-third' })
  })

  it('keeps its codes spent when it changes hands', async () => {
    const device = await createDevice()
    await enable(device)
    await daypass.root('DeactivateMFADevice', { UserName: 'bob', SerialNumber: device.SerialNumber })
    expect((await enable(device)).code).toBe('InvalidAuthenticationCode')
    expect((await enable(device, 0, 1)).code).toBe('InvalidAuthenticationCode')
  })

  it('has tags that are changed, listed, and decide', async () => {
    const { SerialNumber } = await createDevice('phone', { Tags: [{ Key: 'team', Value: 'blue' }] })
    await createDevice('other')
    await daypass.root('TagMFADevice', { SerialNumber, Tags: [{ Key: 'site', Value: 'x' }] })
    const admin = await daypass.user('admin', {
      Action: ['iam:*MFADevice', 'iam:ListMFADeviceTags'],
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'blue' } },
    })
    const { result } = await daypass.iam(admin, 'ListMFADeviceTags', { SerialNumber })
    expect(members(result.Tags).map(({ Key }) => Key)).toEqual(['team', 'site'])
    expect((await daypass.iam(admin, 'ListMFADeviceTags', { SerialNumber: serial('other') })).code).toBe('AccessDenied')
    expect((await daypass.iam(admin, 'DeleteVirtualMFADevice', { SerialNumber: serial('other') })).code).toBe(
      'AccessDenied',
    )
    await daypass.root('UntagMFADevice', { SerialNumber, TagKeys: ['team'] })
    expect((await daypass.iam(admin, 'ListMFADeviceTags', { SerialNumber })).code).toBe('AccessDenied')
  })
})

describe('rights on devices', () => {
  it.each([
    ['CreateVirtualMFADevice', serial('bob')],
    ['DeleteVirtualMFADevice', serial('bob')],
    ['TagMFADevice', serial('bob')],
    ['UntagMFADevice', serial('bob')],
    ['ListMFADeviceTags', serial('bob')],
    ['ListVirtualMFADevices', serial('')],
    ['EnableMFADevice', `arn:aws:iam::${ACCOUNT}:user/bob`],
    ['ResyncMFADevice', `arn:aws:iam::${ACCOUNT}:user/bob`],
    ['DeactivateMFADevice', `arn:aws:iam::${ACCOUNT}:user/bob`],
    ['GetMFADevice', `arn:aws:iam::${ACCOUNT}:user/bob`],
    ['ListMFADevices', `arn:aws:iam::${ACCOUNT}:user/bob`],
  ])('%s is decided on %s', async (action, resource) => {
    const params = {
      UserName: 'bob',
      SerialNumber: serial('bob'),
      VirtualMFADeviceName: 'bob',
      AuthenticationCode1: '000000',
      AuthenticationCode2: '000000',
      Tags: [{ Key: 'a', Value: 'b' }],
      TagKeys: ['a'],
    }
    expect((await daypass.iam(bob, action, params)).code).toBe('AccessDenied')
    const admin = await daypass.user('admin', { Action: [`iam:${action}`, 'iam:TagMFADevice'], Resource: resource })
    expect((await daypass.iam(admin, action, params)).code).not.toBe('AccessDenied')
    const other = { ...params, UserName: 'eve', SerialNumber: serial('eve'), VirtualMFADeviceName: 'eve' }
    if (action !== 'ListVirtualMFADevices') expect((await daypass.iam(admin, action, other)).code).toBe('AccessDenied')
  })
})
