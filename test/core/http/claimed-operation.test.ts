import { describe, expect, it } from 'vitest'
import { claimedOperation } from '../../../functions/core/http/claimed-operation.ts'
import { aRequest } from './a-request.ts'

const STS = 'Version=2011-06-15'

describe('claimedOperation', () => {
  it.each([
    ['the form body', { form: `Action=AssumeRole&${STS}` }],
    ['the query string', { rawQuery: `Action=AssumeRole&${STS}`, method: 'GET' }],
    ['the query string of a POST without a body', { rawQuery: `Action=AssumeRole&${STS}` }],
    ['both together', { rawQuery: 'Action=AssumeRole', form: STS }],
    ['the path alone', { path: '/AssumeRole', form: STS }],
    ['the path with a trailing slash', { path: '/AssumeRole/', form: STS }],
    ['the path and the body when they agree', { path: '/AssumeRole', form: `Action=AssumeRole&${STS}` }],
    ['the path when Action is empty', { path: '/AssumeRole', form: `Action=&${STS}` }],
    ['a request with an empty path', { path: '', form: `Action=AssumeRole&${STS}` }],
  ])('finds the operation in %s', (_where, request) =>
    expect(claimedOperation(aRequest(request))).toEqual({ service: 'sts', action: 'AssumeRole' }),
  )

  it('tells the services apart by their version', () => {
    const request = aRequest({ form: 'Action=ListUsers&Version=2010-05-08' })
    expect(claimedOperation(request)).toEqual({ service: 'iam', action: 'ListUsers' })
  })

  it.each([
    ['no version', 'Action=GetCallerIdentity', 'GetCallerIdentity for version NO_VERSION_SPECIFIED'],
    ['an empty version', 'Action=GetCallerIdentity&Version=', 'GetCallerIdentity for version NO_VERSION_SPECIFIED'],
    ['another version', 'Action=GetCallerIdentity&Version=2012-01-01', 'GetCallerIdentity for version 2012-01-01'],
  ])('refuses a request with %s', (_flaw, form, what) =>
    expect(() => claimedOperation(aRequest({ form }))).toThrow(
      expect.objectContaining({ code: 'InvalidAction', message: `Could not find operation ${what}` }),
    ),
  )

  it.each([
    ['no action', { form: STS }, 'MissingAction'],
    ['an empty action', { form: `Action=&${STS}` }, 'MissingAction'],
    [
      'an action other than the path',
      { path: '/AssumeRole', form: `Action=GetCallerIdentity&${STS}` },
      'InvalidAction',
    ],
    ['the path in other letters', { path: '/assumerole', form: `Action=AssumeRole&${STS}` }, 'InvalidAction'],
    ['a deeper path', { path: '/sts/AssumeRole', form: `Action=AssumeRole&${STS}` }, 'InvalidAction'],
    ['a path with two slashes', { path: '//', form: `Action=AssumeRole&${STS}` }, 'InvalidAction'],
    ['a path that holds other characters', { path: '/Assume%52ole', form: STS }, 'InvalidAction'],
    ['method PUT', { method: 'PUT', form: `Action=AssumeRole&${STS}` }, 'InvalidAction'],
    ['method HEAD', { method: 'HEAD', rawQuery: `Action=AssumeRole&${STS}` }, 'InvalidAction'],
    ['method get', { method: 'get', rawQuery: `Action=AssumeRole&${STS}` }, 'InvalidAction'],
    ['two actions', { form: `Action=AssumeRole&Action=AssumeRole&${STS}` }, 'MalformedQueryString'],
  ])('refuses a request with %s', (_flaw, request, code) =>
    expect(() => claimedOperation(aRequest(request))).toThrow(expect.objectContaining({ code })),
  )

  it('shortens a name that is repeated to the caller', () => {
    const request = aRequest({ form: `Action=${'x'.repeat(5000)}&Version=1` })
    expect(() => claimedOperation(request)).toThrow(/^Could not find operation x{128}… for version 1$/)
  })
})
