import { parseRoleArn } from '@daypass/core/sessions/named-role.ts'
import { describe, expect, it } from 'vitest'

describe('a role’s ARN', () => {
  it.each([
    ['arn:aws:iam::123456789012:role/S3Access', '123456789012', 'S3Access'],
    ['arn:aws:iam:::role/S3Access', '', 'S3Access'],
    ['arn:aws:iam::123456789012:role/teams/a/S3Access', '123456789012', 'S3Access'],
    [`arn:aws:iam::1:role/${'r'.repeat(64)}`, '1', 'r'.repeat(64)],
  ])('%s names a role', (arn, account, roleName) => {
    expect(parseRoleArn(arn)).toEqual({ account, roleName, roleArn: arn })
  })

  it.each([
    `arn:aws:iam::1:role/${'r'.repeat(65)}`,
    'arn:aws:iam::1:role/',
    'arn:aws:iam::1:role/a/',
    'arn:aws:iam::1:role/a b',
    'arn:aws:iam::1:user/a',
    'arn:aws:sts::1:role/a',
    'arn:aws:iam::aws:role/a',
    `arn:aws:iam::${'1'.repeat(65)}:role/a`,
    'arn:aws:iam::1#2:role/a',
    'arn:xxx:xxx:xxx:xxxx',
    'arn:minio:iam:::role/abc',
    '',
  ])('%s names none', (arn) => {
    expect(parseRoleArn(arn)).toBeUndefined()
  })
})
