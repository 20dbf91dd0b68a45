import { describe, expect, it } from 'vitest'
import { compilePattern, missingMember } from '../../../functions/core/http/constraints.ts'
import { compileInput } from '../../../functions/core/http/decode-input.ts'
import { addClientIdToOpenIdConnectProviderModel } from '../../../functions/core/model/iam/add-client-id-to-open-id-connect-provider.ts'
import { createRoleModel } from '../../../functions/core/model/iam/create-role.ts'
import { createUserModel } from '../../../functions/core/model/iam/create-user.ts'
import { enableMfaDeviceModel } from '../../../functions/core/model/iam/enable-mfa-device.ts'
import { simulateCustomPolicyModel } from '../../../functions/core/model/iam/simulate-custom-policy.ts'
import { updateAccessKeyModel } from '../../../functions/core/model/iam/update-access-key.ts'
import { updateLoginProfileModel } from '../../../functions/core/model/iam/update-login-profile.ts'
import { assumeRoleModel } from '../../../functions/core/model/sts/assume-role.ts'
import { assumeRoleWithWebIdentityModel } from '../../../functions/core/model/sts/assume-role-with-web-identity.ts'
import { getCallerIdentityModel } from '../../../functions/core/model/sts/get-caller-identity.ts'
import type { OperationModel } from '../../../functions/core/model/types.ts'
import { refusal } from './a-request.ts'

const decode = (model: OperationModel, params: Record<string, string>) =>
  compileInput(model)(new Map(Object.entries(params)))
const web = (params: Record<string, string>) =>
  decode(assumeRoleWithWebIdentityModel, { WebIdentityToken: 'token', ...params })
const role = (params: Record<string, string>) => decode(assumeRoleModel, params)

/** Every form that no AWS model combines in one input. */
const anyModel: OperationModel = {
  name: 'Any',
  service: 'sts',
  input: 'AnyRequest',
  errors: {},
  shapes: {
    AnyRequest: {
      type: 'structure',
      required: [],
      members: { Flag: 'flag', At: 'at', Data: 'data', Count: 'count', Values: 'values', Deep: 'deep', Picks: 'picks' },
    },
    flag: { type: 'boolean' },
    at: { type: 'timestamp' },
    data: { type: 'blob' },
    count: { type: 'integer' },
    values: { type: 'map', key: 'text', value: 'text', min: 1, max: 2 },
    deep: { type: 'structure', required: ['Inner'], members: { Inner: 'inner', Other: 'text' } },
    inner: { type: 'structure', required: ['Name'], members: { Name: 'text' } },
    picks: { type: 'list', member: 'pick', min: 1 },
    pick: { type: 'string', enum: ['a', 'b'], sensitive: true },
    text: { type: 'string' },
  },
}
const any = (params: Record<string, string>) => decode(anyModel, params)

describe('compileInput', () => {
  it('types every kind of value', () => {
    expect(
      any({
        Flag: 'true',
        At: '2026-01-01T00:00:00Z',
        Data: 'aGk=',
        Count: '-12',
        'Values.entry.1.key': '__proto__',
        'Values.entry.1.value': 'v',
        'Deep.Inner.Name': '',
        'Picks.member.1': 'b',
      }),
    ).toEqual({
      Flag: true,
      At: new Date('2026-01-01T00:00:00Z'),
      Data: Buffer.from('hi'),
      Count: -12,
      Values: Object.assign(Object.create(null), { ['__proto__']: 'v' }),
      Deep: { Inner: { Name: '' } },
      Picks: ['b'],
    })
  })

  it('gives only what was sent', () => {
    expect(any({})).toEqual({})
    expect(decode(getCallerIdentityModel, {})).toEqual({})
  })

  it('ignores parameters that the operation does not know, and names of prototypes', () => {
    const input = web({
      TokenRevokeType: 'x',
      'Foo.member.1': 'y',
      '__proto__.polluted': '1',
      constructor: '2',
      '.': '3',
    })
    expect(input).toEqual({ WebIdentityToken: 'token' })
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('does not take a name in other letters for the parameter', () =>
    expect(web({ policy: '{}' })).toEqual({ WebIdentityToken: 'token' }))

  it('reads lists of structures', () =>
    expect(
      role({
        'Tags.member.1.Key': 'a',
        'Tags.member.1.Value': '1',
        'Tags.member.2.Value': '',
        'Tags.member.2.Key': 'b',
      }),
    ).toEqual({
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '' },
      ],
    }))

  it('orders elements by number, not by place or as text', () => {
    const input = role({
      'TransitiveTagKeys.member.10': 'j',
      'TransitiveTagKeys.member.9': 'i',
      'TransitiveTagKeys.member.1': 'a',
    })
    expect(input.TransitiveTagKeys).toEqual(['a', 'i', 'j'])
  })

  it('closes gaps, however large a number is', () => {
    const input = role({
      'PolicyArns.member.999999999.arn': 'arn:aws:iam::aws:policy/B',
      'PolicyArns.member.3.arn': 'arn:aws:iam::aws:policy/A',
    })
    expect(input.PolicyArns).toEqual([{ arn: 'arn:aws:iam::aws:policy/A' }, { arn: 'arn:aws:iam::aws:policy/B' }])
  })

  it('takes an empty value for an empty list, as botocore sends it', () =>
    expect(role({ PolicyArns: '', Tags: '' })).toEqual({ PolicyArns: [], Tags: [] }))

  it.each([
    ['a list with a value', { Tags: 'a' }],
    ['a list without "member"', { 'Tags.1.Key': 'a' }],
    [
      'a list with "member" and another word',
      { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/A', 'PolicyArns.x': '' },
    ],
    ['a list without numbers', { 'PolicyArns.member': 'arn:aws:iam::aws:policy/A' }],
    ['a list with a value beside its elements', { 'TransitiveTagKeys.member': 'a', 'TransitiveTagKeys.member.1': 'b' }],
    ['a list with an empty word', { 'PolicyArns.': 'x' }],
    ['number 0', { 'PolicyArns.member.0.arn': 'arn:aws:iam::aws:policy/A' }],
    ['number 01', { 'PolicyArns.member.01.arn': 'arn:aws:iam::aws:policy/A' }],
    ['a negative number', { 'PolicyArns.member.-1.arn': 'arn:aws:iam::aws:policy/A' }],
    ['a number of ten digits', { 'PolicyArns.member.1000000000.arn': 'arn:aws:iam::aws:policy/A' }],
    ['a word for a number', { 'PolicyArns.member.__proto__.arn': 'arn:aws:iam::aws:policy/A' }],
    ['an element with a value of its own', { 'PolicyArns.member.1': 'arn:aws:iam::aws:policy/A' }],
    ['members below a text', { 'Policy.member.1': '{}' }],
    ['members below an element', { 'TransitiveTagKeys.member.1.x': 'a' }],
    ['members beside a text', { Policy: '{}', 'Policy.x': '{}' }],
  ])('refuses %s rather than drop it', (_form, params) =>
    expect(refusal(() => role(params as Record<string, string>))).toMatchObject({ code: 'MalformedInput' }),
  )

  it.each([
    ['a word', { Count: 'ten' }],
    ['nothing', { Count: '' }],
    ['a fraction', { Count: '1.5' }],
    ['an exponent', { Count: '1e3' }],
    ['hexadecimal digits', { Count: '0x10' }],
    ['a blank', { Count: ' 1' }],
    ['more than 32 bits', { Count: '2147483648' }],
    ['less than 32 bits', { Count: '-2147483649' }],
    ['a boolean in capitals', { Flag: 'TRUE' }],
    ['a boolean of 1', { Flag: '1' }],
    ['a day that is none', { At: '2026-02-30T00:00:00Z' }],
    ['a month that is none', { At: '2026-13-01T00:00:00Z' }],
    ['a time without a zone', { At: '2026-01-01T00:00:00' }],
    ['a date alone', { At: '2026-01-01' }],
    ['a time in words', { At: 'yesterday' }],
    ['a structure with a value', { Deep: 'x' }],
    ['a map with a value', { Values: 'x' }],
    ['a map entry without a key', { 'Values.entry.1.value': 'v' }],
    ['a map entry without a value', { 'Values.entry.1.key': 'k' }],
    [
      'a map with a key twice',
      {
        'Values.entry.1.key': 'k',
        'Values.entry.1.value': '1',
        'Values.entry.2.key': 'k',
        'Values.entry.2.value': '2',
      },
    ],
  ])('refuses %s as malformed, without repeating it', (_flaw, params) => {
    const refused = refusal(() => any(params as Record<string, string>))
    expect(refused).toMatchObject({ code: 'MalformedInput' })
    expect((refused as Error).message).toMatch(/^(Count|Flag|At|Deep|Values)(\.entry\.1)? /)
  })

  it.each([
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    ['007', 7],
  ])('reads the integer %s', (text, value) => expect(any({ Count: text })).toEqual({ Count: value }))

  it.each([
    ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.500Z'],
    ['2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['1767225600', '2026-01-01T00:00:00.000Z'],
    ['1767225600.25', '2026-01-01T00:00:00.250Z'],
  ])('reads the time %s', (text, iso) => expect(any({ At: text })).toEqual({ At: new Date(iso) }))
})

describe('the limits', () => {
  const message = (run: () => unknown) => (refusal(run) as Error).message
  const one = (value: string, path: string, rule: string) =>
    `1 validation error detected: ${value} at '${path}' failed to satisfy constraint: Member must ${rule}`
  const name = '[\\w+=,.@-]*'

  it.each([
    ['text', 'RoleSessionName', 'ab', 'a'.repeat(64)],
    ['text of every letter that AWS allows', 'RoleSessionName', 'Az09_+=,.@-', '--'],
    ['an ARN at its shortest', 'RoleArn', 'arn:aws:iam:::role/S', `arn:aws:iam::1:role/${'x'.repeat(2028)}`],
    ['an ARN of an account without an id', 'RoleArn', 'arn:aws:iam:::role/S3Access', 'arn:xxx:xxx:xxx:xxxx'],
    ['an ARN beyond the basic plane', 'RoleArn', 'arn:aws:iam::1:role/😀', 'arn:aws:iam::1:role/\u{10FFFF}é'],
    ['a duration', 'DurationSeconds', '900', '43200'],
    ['a token', 'WebIdentityToken', 'abcd', 'x'.repeat(20_000)],
    ['a policy', 'Policy', '{', `\t\n\r${'ÿ'.repeat(10_237)}`],
    ['a token size', 'MinimumSessionTokenSize', '0', '4096'],
  ])('let %s pass at both edges', (_what, member, shortest, longest) => {
    expect(() => web({ [member]: shortest })).not.toThrow()
    expect(() => web({ [member]: longest })).not.toThrow()
  })

  it.each([
    ['RoleSessionName', 'a', one("Value 'a'", 'roleSessionName', 'have length greater than or equal to 2')],
    [
      'RoleSessionName',
      'a'.repeat(65),
      one(`Value '${'a'.repeat(65)}'`, 'roleSessionName', 'have length less than or equal to 64'),
    ],
    ['RoleSessionName', 'a b', one("Value 'a b'", 'roleSessionName', `satisfy regular expression pattern: ${name}`)],
    ['RoleSessionName', 'ab\n', one("Value 'ab\n'", 'roleSessionName', `satisfy regular expression pattern: ${name}`)],
    ['RoleSessionName', 'aé', one("Value 'aé'", 'roleSessionName', `satisfy regular expression pattern: ${name}`)],
    [
      'RoleArn',
      'arn:aws:iam:::role/',
      one("Value 'arn:aws:iam:::role/'", 'roleArn', 'have length greater than or equal to 20'),
    ],
    ['DurationSeconds', '899', one("Value '899'", 'durationSeconds', 'have value greater than or equal to 900')],
    ['DurationSeconds', '43201', one("Value '43201'", 'durationSeconds', 'have value less than or equal to 43200')],
    ['WebIdentityToken', 'abc', one('Value', 'webIdentityToken', 'have length greater than or equal to 4')],
    [
      'WebIdentityToken',
      'x'.repeat(20_001),
      one('Value', 'webIdentityToken', 'have length less than or equal to 20000'),
    ],
    ['Policy', '', undefined],
    [
      'MinimumSessionTokenSize',
      '4097',
      one("Value '4097'", 'minimumSessionTokenSize', 'have value less than or equal to 4096'),
    ],
    [
      'MinimumSessionTokenSize',
      '-1',
      one("Value '-1'", 'minimumSessionTokenSize', 'have value greater than or equal to 0'),
    ],
  ])("refuse %s = '%s' in AWS's words", (member, value, expected) => {
    const refused = refusal(() => web({ [member]: value }))
    expect(refused).toMatchObject({ code: 'ValidationError' })
    if (expected !== undefined) expect((refused as Error).message).toBe(expected)
  })

  it('count code points, not UTF-16 units', () => {
    const tagged = (value: string) => role({ 'Tags.member.1.Key': value, 'Tags.member.1.Value': 'v' })
    expect(() => tagged('𠮷'.repeat(128))).not.toThrow()
    expect(() => tagged('𠮷'.repeat(129))).toThrow(/length less than or equal to 128/)
    expect(message(() => web({ WebIdentityToken: '😀😀😀' }))).toMatch(/length greater than or equal to 4$/)
    expect(() => web({ WebIdentityToken: '😀😀😀😀' })).not.toThrow()
  })

  it('name what is missing', () => {
    const expected = one('Value null', 'webIdentityToken', 'not be null')
    expect(message(() => decode(assumeRoleWithWebIdentityModel, {}))).toBe(expected)
    expect(missingMember('WebIdentityToken')).toMatchObject({ code: 'ValidationError', message: expected })
  })

  it('report everything at once', () =>
    expect(message(() => web({ RoleSessionName: '!', DurationSeconds: '1' }))).toBe(
      "3 validation errors detected: Value '!' at 'roleSessionName' failed to satisfy constraint: Member must have length " +
        "greater than or equal to 2; Value '!' at 'roleSessionName' failed to satisfy constraint: Member must satisfy " +
        `regular expression pattern: ${name}; Value '1' at 'durationSeconds' failed to satisfy constraint: Member must ` +
        'have value greater than or equal to 900',
    ))

  it('name an element by its number', () => {
    const bad = {
      'Tags.member.1.Key': 'a',
      'Tags.member.1.Value': 'v',
      'Tags.member.3.Key': 'b{',
      'Tags.member.3.Foo': '',
    }
    expect(message(() => role(bad))).toBe(
      "2 validation errors detected: Value 'b{' at 'tags.3.member.key' failed to satisfy constraint: Member must satisfy " +
        "regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+; Value null at 'tags.3.member.value' failed to satisfy " +
        'constraint: Member must not be null',
    )
  })

  it('speak of a list of texts as a whole', () =>
    expect(message(() => role({ 'TransitiveTagKeys.member.1': 'a', 'TransitiveTagKeys.member.2': '' }))).toBe(
      "1 validation error detected: Value '[a, ]' at 'transitiveTagKeys' failed to satisfy constraint: Member must satisfy " +
        'constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to ' +
        '1, Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+]',
    ))

  it('count elements and entries at both edges', () => {
    const tags = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [
          [`Tags.member.${n + 1}.Key`, `k${n}`],
          [`Tags.member.${n + 1}.Value`, ''],
        ]).flat(),
      )
    expect(role(tags(50)).Tags).toHaveLength(50)
    expect(message(() => role(tags(51)))).toBe(one('Value', 'tags', 'have length less than or equal to 50'))
    expect(message(() => any({ Picks: '' }))).toBe(one('Value', 'picks', 'have length greater than or equal to 1'))
    expect(message(() => any({ Values: '' }))).toBe(one('Value', 'values', 'have length greater than or equal to 1'))
    const entries = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [
          [`Values.entry.${n + 1}.key`, `k${n}`],
          [`Values.entry.${n + 1}.value`, ''],
        ]).flat(),
      )
    expect(() => any(entries(2))).not.toThrow()
    expect(message(() => any(entries(3)))).toBe(one('Value', 'values', 'have length less than or equal to 2'))
  })

  it('reach into structures', () => {
    expect(message(() => any({ 'Deep.Other': 'x' }))).toBe(one('Value null', 'deep.inner', 'not be null'))
    expect(message(() => any({ 'Deep.Inner.Foo': 'x' }))).toBe(one('Value null', 'deep.inner.name', 'not be null'))
  })

  it.each([
    [
      'an enumeration',
      updateAccessKeyModel,
      { AccessKeyId: 'a', Status: 'On' },
      "Value 'On' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]",
    ],
    [
      'a path',
      createUserModel,
      { UserName: 'u', Path: 'x' },
      "Value 'x' at 'path' failed to satisfy constraint: Member must satisfy regular expression pattern: (\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)",
    ],
    [
      'a path that only begins well',
      createUserModel,
      { UserName: 'u', Path: '/x' },
      "Value '/x' at 'path' failed to satisfy constraint: Member must satisfy regular expression pattern: (\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)",
    ],
    [
      'two members',
      addClientIdToOpenIdConnectProviderModel,
      {},
      "Value null at 'openIDConnectProviderArn' failed to satisfy constraint: Member must not be null; Value null at 'clientID' failed to satisfy constraint: Member must not be null",
    ],
  ])('hold for %s of IAM', (_what, model, params, expected) =>
    expect(message(() => decode(model, params as Record<string, string>))).toMatch(
      new RegExp(`: ${RegExp.escape(expected)}$`),
    ),
  )

  it.each([
    ['a password', updateLoginProfileModel, { UserName: 'u', Password: 'hunter\u0000two' }, 'hunter'],
    [
      'a one-time code of IAM',
      enableMfaDeviceModel,
      {
        UserName: 'u',
        SerialNumber: 'arn:aws:iam::1:mfa/u',
        AuthenticationCode1: '12345678',
        AuthenticationCode2: '123456',
      },
      '12345',
    ],
    ['a one-time code of STS', assumeRoleModel, { TokenCode: '12345' }, '12345'],
    ['a secret element', anyModel, { 'Picks.member.1': 'hunter2' }, 'hunter2'],
    ['a token', assumeRoleWithWebIdentityModel, { WebIdentityToken: 'abc' }, 'abc'],
  ])('never repeat %s', (_what, model, params, secret) => {
    const refused = refusal(() => decode(model, params as Record<string, string>)) as Error
    expect(refused).toMatchObject({ code: 'ValidationError' })
    expect(refused.message).not.toContain(secret)
    expect(refused.message).toMatch(/detected: Value at '/)
  })

  it('give the log a reason that repeats no value', () => {
    const refused = refusal(() => web({ RoleSessionName: 'what i said' }))
    expect(refused).toMatchObject({
      detail: {
        reason: `1 validation error detected: at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${name}`,
      },
    })
  })
})

describe('the deviations', () => {
  it('refuse a session policy over 10,240 characters as packed too large', () => {
    expect(() => role({ Policy: ' '.repeat(10_240) })).not.toThrow()
    for (const decoder of [role, web]) {
      expect(refusal(() => decoder({ Policy: ' '.repeat(10_241) }))).toMatchObject({
        code: 'PackedPolicyTooLarge',
        message: 'Policy may have at most 10240 characters',
      })
    }
  })

  it('tell of other errors before the size of the policy', () =>
    expect(refusal(() => role({ Policy: ' '.repeat(10_241), RoleSessionName: 'a' }))).toMatchObject({
      code: 'ValidationError',
    }))

  it('let a role and a session name be absent', () => {
    expect(role({})).toEqual({})
    expect(web({})).toEqual({ WebIdentityToken: 'token' })
  })

  it.each([
    'x'.repeat(20),
    'role/S3Access-of-the-demo',
    'arn:aws:role/S3Access',
    'ARN:aws:iam::1:role/S3Access',
    ' arn:aws:iam::1:role/S3',
  ])('refuse the RoleArn %j, which is no ARN', (RoleArn) =>
    expect(refusal(() => role({ RoleArn }))).toMatchObject({
      code: 'ValidationError',
      message: 'RoleArn must be an ARN',
    }),
  )

  it('refuse a session policy without its ARN rather than widen the session', () =>
    expect(refusal(() => role({ 'PolicyArns.member.1.Arn': 'arn:aws:iam::aws:policy/A' }))).toMatchObject({
      code: 'ValidationError',
      message: expect.stringContaining("Value null at 'policyArns.1.member.arn'"),
    }))

  it.each([
    { ProvidedContexts: '' },
    { 'ProvidedContexts.member.1.ProviderArn': 'arn:aws:iam::aws:contextProvider/IdentityCenter' },
  ])('refuse %j', (params) =>
    expect(refusal(() => role(params as unknown as Record<string, string>))).toMatchObject({
      code: 'ValidationError',
      message:
        "1 validation error detected: Value at 'providedContexts' failed to satisfy constraint: Member must be null",
    }),
  )

  it('let an imported access key id be short', () => {
    expect(decode(updateAccessKeyModel, { AccessKeyId: 'minio-admin', Status: 'Active' })).toMatchObject({
      AccessKeyId: 'minio-admin',
    })
    expect(() => decode(updateAccessKeyModel, { AccessKeyId: 'a b', Status: 'Active' })).toThrow(/pattern/)
  })
})

describe('IAM inputs', () => {
  it('read nested lists', () =>
    expect(
      decode(simulateCustomPolicyModel, {
        'PolicyInputList.member.1': '{}',
        'ActionNames.member.1': 's3:GetObject',
        'ContextEntries.member.1.ContextKeyName': 'aws:username',
        'ContextEntries.member.1.ContextKeyValues.member.1': 'a',
        'ContextEntries.member.1.ContextKeyValues.member.2': 'b',
        'ContextEntries.member.1.ContextKeyType': 'stringList',
      }),
    ).toMatchObject({
      ContextEntries: [{ ContextKeyName: 'aws:username', ContextKeyValues: ['a', 'b'], ContextKeyType: 'stringList' }],
    }))

  it('read a role', () =>
    expect(
      decode(createRoleModel, {
        RoleName: 'r',
        AssumeRolePolicyDocument: '{}',
        Path: '/a/',
        MaxSessionDuration: '3600',
      }),
    ).toEqual({
      RoleName: 'r',
      AssumeRolePolicyDocument: '{}',
      Path: '/a/',
      MaxSessionDuration: 3600,
    }))
})

describe('compilePattern', () => {
  it.each([
    ['a|b', 'b', 'a-evil'],
    ['[\\w+=,.@\\:-]*', 'a:b', 'a b'],
    ['[\\u0020-\\u007E\\u10000-\\u10FFFF]+', '😀', 'é'],
    ['((/[A-Za-z0-9\\.,\\+@=_-]+)*)/', '/a,b/', '/a'],
    ['^[a-z]$', 'a', 'a\n'],
    ['[\\d]*', '1', '١'],
  ])('makes %s match %j whole, and not %j', (pattern, whole, other) => {
    expect(compilePattern(pattern).test(whole)).toBe(true)
    expect(compilePattern(pattern).test(other)).toBe(false)
  })
})
