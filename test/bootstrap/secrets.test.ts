import {
  GetSecretValueCommand,
  type PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it, vi } from 'vitest'
import { ensureSecret, secretsManager } from '../../functions/bootstrap/secrets.ts'
import { fakeSecrets } from './fakes.ts'

function clientThat(answer: () => unknown) {
  const client = new SecretsManagerClient({ region: 'us-east-1' })
  const send = vi.spyOn(client, 'send').mockImplementation(async () => answer())
  return { client, sent: () => send.mock.calls.map(([command]) => command) }
}

describe('secretsManager', () => {
  it.each([
    ['has a value', () => ({ SecretString: 'text' }), 'text'],
    ['has an empty value', () => ({ SecretString: '' }), undefined],
  ])('finds what a secret holds that %s', async (_case, answer, expected) => {
    expect(await secretsManager(clientThat(answer).client).find('arn')).toBe(expected)
  })

  it('takes a secret that never had a value for empty', async () => {
    const { client } = clientThat(() => {
      throw new ResourceNotFoundException({ message: '', $metadata: {} })
    })
    expect(await secretsManager(client).find('arn')).toBeUndefined()
  })

  it('takes no other failure for empty', async () => {
    const { client } = clientThat(() => {
      throw new Error('AccessDeniedException')
    })
    await expect(secretsManager(client).find('arn')).rejects.toThrow('AccessDeniedException')
  })

  it('fills under one version id, so that only one first value can ever be', async () => {
    const { client, sent } = clientThat(() => ({}))
    await secretsManager(client).fill('arn', 'one')
    await secretsManager(client).fill('arn', 'two')
    const tokens = sent().map((command) => (command as PutSecretValueCommand).input.ClientRequestToken)
    expect(tokens[0]).toMatch(/^.{32,64}$/)
    expect(tokens[1]).toBe(tokens[0])
  })

  it('replaces under a version id of its own', async () => {
    const { client, sent } = clientThat(() => ({}))
    await secretsManager(client).replace('arn', 'value')
    expect((sent()[0] as PutSecretValueCommand).input).toEqual({ SecretId: 'arn', SecretString: 'value' })
  })

  it('reads by the ARN', async () => {
    const { client, sent } = clientThat(() => ({ SecretString: 'text' }))
    await secretsManager(client).find('arn')
    expect(sent()[0]).toBeInstanceOf(GetSecretValueCommand)
    expect((sent()[0] as GetSecretValueCommand).input).toEqual({ SecretId: 'arn' })
  })
})

describe('ensureSecret', () => {
  it('keeps a value that is there', async () => {
    expect(await ensureSecret(fakeSecrets(new Map([['arn', 'kept']])), 'arn', () => 'made')).toBe('kept')
  })

  it('makes and keeps one that is not', async () => {
    const secrets = fakeSecrets()
    expect(await ensureSecret(secrets, 'arn', () => 'made')).toBe('made')
    expect(secrets.values.get('arn')).toBe('made')
  })
})
