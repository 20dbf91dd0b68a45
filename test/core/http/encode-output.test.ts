import { describe, expect, it } from 'vitest'
import { StsError } from '../../../functions/core/errors.ts'
import { compileOutput } from '../../../functions/core/http/encode-output.ts'
import { acceptedFormat, renderError, renderResult } from '../../../functions/core/http/envelope.ts'
import { parseXml } from '../../../functions/core/http/xml-reader.ts'
import { deleteUserModel } from '../../../functions/core/model/iam/delete-user.ts'
import { getAccountSummaryModel } from '../../../functions/core/model/iam/get-account-summary.ts'
import { listUsersModel } from '../../../functions/core/model/iam/list-users.ts'
import { assumeRoleModel } from '../../../functions/core/model/sts/assume-role.ts'
import { getCallerIdentityModel } from '../../../functions/core/model/sts/get-caller-identity.ts'
import type { OperationModel } from '../../../functions/core/model/types.ts'
import { aRequest } from './a-request.ts'

const render = (model: OperationModel, output: unknown, format: 'xml' | 'json' = 'xml') =>
  renderResult(model, compileOutput(model), output, 'id-1', format)

const identity = { UserId: 'AIDA', Account: '', Arn: 'arn:aws:iam:::user/a&b' }
const Credentials = {
  AccessKeyId: 'ASIA',
  SecretAccessKey: 's',
  SessionToken: 't',
  Expiration: new Date('2026-01-01T00:00:00.999Z'),
}

describe('renderResult', () => {
  it("renders AWS's XML", () =>
    expect(render(getCallerIdentityModel, identity)).toBe(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        '<UserId>AIDA</UserId><Account></Account><Arn>arn:aws:iam:::user/a&amp;b</Arn></GetCallerIdentityResult>' +
        '<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
    ))

  it("renders AWS's JSON", () =>
    expect(JSON.parse(render(getCallerIdentityModel, identity, 'json'))).toEqual({
      GetCallerIdentityResponse: { GetCallerIdentityResult: identity, ResponseMetadata: { RequestId: 'id-1' } },
    }))

  it('gives times in whole seconds: ISO 8601 in XML, a number in JSON', () => {
    expect(render(assumeRoleModel, { Credentials })).toContain('<Expiration>2026-01-01T00:00:00Z</Expiration>')
    expect(render(assumeRoleModel, { Credentials }, 'json')).toContain('"Expiration":1767225600}')
  })

  it('leaves out the Result of an operation that has none', () => {
    expect(render(deleteUserModel, undefined)).toBe(
      '<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">' +
        '<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DeleteUserResponse>',
    )
    expect(JSON.parse(render(deleteUserModel, undefined, 'json'))).toEqual({
      DeleteUserResponse: { ResponseMetadata: { RequestId: 'id-1' } },
    })
  })

  it('renders lists by member, and an empty one as an empty element', () => {
    const user = { Path: '/', UserName: 'u', UserId: 'AIDA', Arn: 'arn:aws:iam:::user/u', CreateDate: new Date(0) }
    const list = (Users: unknown) => render(listUsersModel, { Users, IsTruncated: false })
    expect(list([user, user]).match(/<member><Path>\/<\/Path>/g)).toHaveLength(2)
    expect(list([])).toContain('<ListUsersResult><Users></Users><IsTruncated>false</IsTruncated></ListUsersResult>')
    const json = JSON.parse(render(listUsersModel, { Users: [user], IsTruncated: true, Marker: undefined }, 'json'))
    expect(json.ListUsersResponse.ListUsersResult).toEqual({ Users: [{ ...user, CreateDate: 0 }], IsTruncated: true })
  })

  it('renders maps by entry', () => {
    const output = { SummaryMap: { Users: 2, '<x>': 0 } }
    expect(render(getAccountSummaryModel, output)).toContain(
      '<SummaryMap><entry><key>Users</key><value>2</value></entry><entry><key>&lt;x&gt;</key><value>0</value></entry></SummaryMap>',
    )
    expect(render(getAccountSummaryModel, output, 'json')).toContain('"SummaryMap":{"Users":2,"<x>":0}')
  })

  it('renders blobs in base64', () => {
    const model: OperationModel = {
      name: 'Any',
      service: 'iam',
      output: 'AnyResponse',
      errors: {},
      shapes: { AnyResponse: { type: 'structure', required: [], members: { Data: 'data' } }, data: { type: 'blob' } },
    }
    expect(render(model, { Data: new Uint8Array([104, 105]) })).toContain('<Data>aGk=</Data>')
    expect(render(model, { Data: Buffer.from('hi') }, 'json')).toContain('"Data":"aGk="')
    expect(() => render(model, { Data: 'aGk=' })).toThrow('Any.Data has a value of the wrong type')
  })

  it('renders every text so that a parser reads it again', () =>
    expect(() => parseXml(render(getCallerIdentityModel, { ...identity, UserId: '\u0000<\uD800&]]>' }))).not.toThrow())

  it.each([
    ['a member that the model does not know', getCallerIdentityModel, { ...identity, Extra: 1 }, 'has no member Extra'],
    [
      'a member of the prototype',
      getCallerIdentityModel,
      { ...identity, constructor: 'x' },
      'has no member constructor',
    ],
    [
      'a required member that is missing',
      assumeRoleModel,
      { Credentials: { ...Credentials, SessionToken: undefined } },
      'Credentials.SessionToken is missing',
    ],
    ['an empty ARN', getCallerIdentityModel, { ...identity, Arn: '' }, 'GetCallerIdentity.Arn is an empty ARN'],
    [
      'a number for a text',
      getCallerIdentityModel,
      { ...identity, Account: 1 },
      'Account has a value of the wrong type',
    ],
    [
      'null for a text',
      getCallerIdentityModel,
      { ...identity, Account: null },
      'Account has a value of the wrong type',
    ],
    [
      'a text for a time',
      assumeRoleModel,
      { Credentials: { ...Credentials, Expiration: '2026' } },
      'Expiration has a value',
    ],
    [
      'a time that is none',
      assumeRoleModel,
      { Credentials: { ...Credentials, Expiration: new Date('x') } },
      'Expiration has a value',
    ],
    [
      'a fraction for an integer',
      assumeRoleModel,
      { Credentials, PackedPolicySize: 1.5 },
      'PackedPolicySize has a value',
    ],
    ['a text for a boolean', listUsersModel, { Users: [], IsTruncated: 'no' }, 'IsTruncated has a value'],
    ['an object for a list', listUsersModel, { Users: {} }, 'Users has a value'],
    ['an element that does not fit', listUsersModel, { Users: ['u'] }, 'Users.member has a value'],
    ['a list for a map', getAccountSummaryModel, { SummaryMap: 'x' }, 'SummaryMap has a value'],
    ['nothing', getCallerIdentityModel, undefined, 'GetCallerIdentity has a value'],
    ['a result where there is none', deleteUserModel, {}, 'answers without a result'],
  ])('fails loudly on %s', (_bug, model, output, message) => {
    for (const format of ['xml', 'json'] as const) {
      expect(() => render(model, output, format)).toThrow(
        expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(message) }),
      )
    }
  })
})

describe('renderError', () => {
  const error = new StsError('AccessDenied', 'Not <you> & "me"\u0000', {
    detail: { inner: 'x' },
    cause: new Error('y'),
  })

  it("renders AWS's XML, and nothing of the detail or the cause", () =>
    expect(renderError('sts', error, 'id-1', 'xml')).toBe(
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>' +
        '<Message>Not &lt;you&gt; &amp; &quot;me&quot;\uFFFD</Message></Error><RequestId>id-1</RequestId></ErrorResponse>',
    ))

  it('names the service and the side at fault', () => {
    const xml = renderError('iam', new StsError('ServiceFailure', 'm'), 'id-1', 'xml')
    expect(xml).toContain('xmlns="https://iam.amazonaws.com/doc/2010-05-08/"')
    expect(xml).toContain('<Type>Receiver</Type>')
  })

  it("renders AWS's JSON", () =>
    expect(JSON.parse(renderError('sts', error, 'id-1', 'json'))).toEqual({
      Error: { Code: 'AccessDenied', Message: 'Not <you> & "me"\u0000', Type: 'Sender' },
      RequestId: 'id-1',
    }))
})

describe('acceptedFormat', () => {
  it.each([
    [undefined, 'xml'],
    ['*/*', 'xml'],
    ['text/xml', 'xml'],
    ['application/json', 'json'],
    ['Application/JSON; charset=utf-8', 'json'],
    ['application/json, */*', 'json'],
    ['application/json, text/xml', 'xml'],
    ['application/xml,application/json', 'xml'],
    ['text/html', 'xml'],
  ])('answers Accept: %s in %s', (accept, format) => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept }
    expect(acceptedFormat(aRequest({ headers }))).toBe(format)
  })
})
