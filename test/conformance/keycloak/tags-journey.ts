import assert from 'node:assert/strict'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { s3Client } from '../../infra/local/clients.ts'
import type { Secrets } from '../shared/secrets.ts'
import { stsOf } from '../shared/sts.ts'
import { tokensOf } from './tokens.ts'
import { roleArn } from './trust.ts'

interface World {
  readonly endpoint: string
  readonly issuer: string
  readonly secrets: Secrets
}

/** Session tags of the claim `https://aws.amazon.com/tags`; each step is told when it is done, and a wrong one throws. */
export async function* tagsJourney({ endpoint, issuer, secrets }: World): AsyncGenerator<string> {
  const [sts, tokens] = [stsOf(endpoint, secrets), tokensOf(issuer, secrets)]
  const by = async (user: string, role: string) => ({
    Action: 'AssumeRoleWithWebIdentity',
    RoleArn: roleArn(role),
    RoleSessionName: user,
    WebIdentityToken: (await tokens.ofUser('app', user)).idToken,
  })
  const alice = s3Client(endpoint, (await sts.granted(await by('alice', 'tagged'))).key)
  await alice.send(new CreateBucketCommand({ Bucket: 'apollo' }))
  await assert.rejects(alice.send(new CreateBucketCommand({ Bucket: 'gemini' })), { name: 'AccessDenied' })
  yield 'alice’s session tags take a role of her department and open the bucket of her project alone'
  await sts.refused(await by('bob', 'tagged'), 'AccessDenied')
  yield 'refused: bob, whose token has no tags'
  await sts.refused(await by('alice', 'untagged'), 'AccessDenied')
  yield 'refused: her tags for a role whose trust does not let sessions be tagged'
}
