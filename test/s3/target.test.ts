import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../functions/s3/query.ts'
import { parseTarget, verifyNewBucketName } from '../../functions/s3/target.ts'

const refusal = (code: string) => expect.objectContaining({ code })

describe('a path', () => {
  it.each([
    ['/', {}],
    ['/bkt', { bucket: 'bkt' }],
    ['/bkt/', { bucket: 'bkt' }],
    ['/bkt/key', { bucket: 'bkt', key: 'key' }],
    ['/bkt/..%2Fx', { bucket: 'bkt', key: '../x' }],
    ['/bkt/../x', { bucket: 'bkt', key: '../x' }],
    ['/bkt/./x', { bucket: 'bkt', key: './x' }],
    ['/bkt/%2e%2e/x', { bucket: 'bkt', key: '../x' }],
    ['/bkt/%252e', { bucket: 'bkt', key: '%2e' }],
    ['/bkt/a//b', { bucket: 'bkt', key: 'a//b' }],
    ['/bkt//lead', { bucket: 'bkt', key: '/lead' }],
    ['/bkt/%2Flead', { bucket: 'bkt', key: '/lead' }],
    ['/bkt/trail/', { bucket: 'bkt', key: 'trail/' }],
    ['/bkt//', { bucket: 'bkt', key: '/' }],
    ['/bkt/a+b', { bucket: 'bkt', key: 'a+b' }],
    ['/bkt/a%20b', { bucket: 'bkt', key: 'a b' }],
    ['/bkt/a%3Fb%23c', { bucket: 'bkt', key: 'a?b#c' }],
    ['/bkt/%C3%A9', { bucket: 'bkt', key: '\u00e9' }],
    ['/bkt/e%CC%81', { bucket: 'bkt', key: 'e\u0301' }],
    ['/bkt/\u00c3\u00a9', { bucket: 'bkt', key: '\u00e9' }],
    ['/bkt/%EF%BB%BFx', { bucket: 'bkt', key: '\ufeffx' }],
    ['/bkt/%00', { bucket: 'bkt', key: '\0' }],
    ['/bkt/%F0%9F%98%80', { bucket: 'bkt', key: '\u{1f600}' }],
    ['/b%6bt/key', { bucket: 'bkt', key: 'key' }],
    [`/bkt/${'k'.repeat(1024)}`, { bucket: 'bkt', key: 'k'.repeat(1024) }],
  ])('%s names exactly what was sent', (path, target) => expect(parseTarget(path)).toEqual(target))

  it.each([
    ['no slash at its start', 'bkt/key', 'InvalidURI'],
    ['a broken escape', '/bkt/%2', 'InvalidURI'],
    ['an escape of no digits', '/bkt/%zz', 'InvalidURI'],
    ['bytes that are not UTF-8', '/bkt/%ff', 'InvalidURI'],
    ['an overlong encoding', '/bkt/%c0%ae', 'InvalidURI'],
    ['an encoded surrogate', '/bkt/%ed%a0%80', 'InvalidURI'],
    ['a character that no request line has', '/bkt/\u0101', 'InvalidURI'],
    ['an empty bucket', '//key', 'InvalidBucketName'],
    ['a slash hidden in the bucket', '/b%2Fkt/key', 'InvalidBucketName'],
    ['dots for a bucket', '/../key', 'InvalidBucketName'],
    ['a bucket of two letters', '/ab/key', 'InvalidBucketName'],
    ['a hash in the bucket', '/OBJECT%23x/key', 'InvalidBucketName'],
    ['a key of 1,025 bytes', `/bkt/${'k'.repeat(1025)}`, 'KeyTooLongError'],
    ['a key of 1,026 bytes in 513 letters', `/bkt/${'%C3%A9'.repeat(513)}`, 'KeyTooLongError'],
  ])('with %s is refused', (_flaw, path, code) => expect(() => parseTarget(path)).toThrow(refusal(code)))
})

describe('a new bucket', () => {
  it.each(['abc', 'my-bucket', 'my.bucket.1', '1a2', 'a'.repeat(63)])('may be called %s', (name) =>
    expect(() => verifyNewBucketName(name)).not.toThrow(),
  )

  it.each([
    'ab',
    'a'.repeat(64),
    'Upper',
    'under_score',
    '-lead',
    'trail-',
    '.lead',
    'two..dots',
    '192.168.5.4',
    'xn--abc',
    'sthree-abc',
    'amzn-s3-demo-abc',
    'abc-s3alias',
    'abc--ol-s3',
    'abc.mrap',
    'abc--x-s3',
    'abc--table-s3',
    'abc\n',
  ])('may not be called %j', (name) => expect(() => verifyNewBucketName(name)).toThrow(refusal('InvalidBucketName')))
})

describe('a query', () => {
  it.each([
    ['', []],
    ['location', [['location', '']]],
    [
      'prefix=a+b%2Bc&max-keys=2',
      [
        ['prefix', 'a b+c'],
        ['max-keys', '2'],
      ],
    ],
    ['prefix=a=b', [['prefix', 'a=b']]],
    [
      'a&&b',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
  ])('%s is read as its parameters', (raw, pairs) => expect([...parseQuery(raw)]).toEqual(pairs))

  it.each([
    ['prefix=a&prefix=b', 'InvalidArgument'],
    ['prefix=a&%70refix=b', 'InvalidArgument'],
    ['prefix=%', 'InvalidURI'],
    ['prefix=%ff', 'InvalidURI'],
  ])('%s is refused', (raw, code) => expect(() => parseQuery(raw)).toThrow(refusal(code)))
})
