import { describe, expect, it } from 'vitest'
import { routeOf } from '../../../infra/local/route.ts'

describe('the one port', () => {
  it.each([
    ['POST', '/'],
    ['POST', '/?Action=AssumeRoleWithWebIdentity&Version=2011-06-15'],
    ['POST', '/?'],
    ['GET', '/?Action=GetCallerIdentity'],
    ['GET', '/?Version=2011-06-15&Action=GetCallerIdentity&X-Amz-Signature=0'],
    ['POST', '/AssumeRoleWithWebIdentity'],
    ['GET', '/AssumeRoleWithWebIdentity?Version=2011-06-15'],
    ['POST', '/GetCallerIdentity/'],
    ['POST', '/CreateRole'],
    ['GET', '/.well-known/openid-configuration'],
    ['HEAD', '/.well-known/jwks.json'],
    ['GET', '/_daypass/health'],
    ['GET', '/_daypass/health?verbose'],
  ])('gives %s %s to STS and IAM', (method, target) => {
    expect(routeOf(method, target)).toBe('query')
  })

  it.each([
    ['POST', '/sessions', 'AWS4-X509-RSA-SHA256 Credential=…', 'roles-anywhere'],
    ['POST', '/sessions?profileArn=x', 'AWS4-X509-ECDSA-SHA256 Credential=…', 'roles-anywhere'],
    ['POST', '/sessions', 'AWS4-HMAC-SHA256 Credential=…', 's3'],
    ['POST', '/sessions', undefined, 's3'],
    ['PUT', '/sessions', 'AWS4-X509-RSA-SHA256 Credential=…', 's3'],
    ['POST', '/sessions/', 'AWS4-X509-RSA-SHA256 Credential=…', 's3'],
    ['POST', '/bucket', 'AWS4-X509-RSA-SHA256 Credential=…', 's3'],
    ['POST', '/', 'AWS4-X509-RSA-SHA256 Credential=…', 'query'],
  ])('tells Roles Anywhere from a bucket named sessions by the scheme: %s %s signed %s', (method, target, by, to) => {
    expect(routeOf(method, target, by)).toBe(to)
  })

  it.each([
    ['GET', '/'],
    ['GET', '/?x-id=ListBuckets'],
    ['GET', '/?notAction=GetCallerIdentity'],
    ['GET', '/?prefix=Action'],
    ['HEAD', '/'],
    ['PUT', '/?Action=GetCallerIdentity'],
    ['GET', '/bucket'],
    ['GET', '/bucket?Action=GetCallerIdentity'],
    ['POST', '/bucket?delete'],
    ['POST', '/bucket/AssumeRole'],
    ['GET', '/getcalleridentity'],
    ['PUT', '/NoSuchAction'],
    ['GET', '/.well-known/other'],
    ['GET', '/bucket/.well-known/jwks.json'],
    ['GET', '//'],
    ['DELETE', '/_daypass/other'],
  ])('gives %s %s to S3', (method, target) => {
    expect(routeOf(method, target)).toBe('s3')
  })
})
