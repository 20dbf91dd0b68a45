import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { type AwsService, serviceEndpoint } from '@daypass/core/aws/endpoint.ts'
import { expect, it } from 'vitest'

it.each([
  'us-east-1',
  'eu-central-2',
  'us-gov-west-1',
  'cn-north-1',
  'eusc-de-east-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
])('is where the SDK finds it in %s', (region) => {
  const { endpointProvider } = new SecretsManagerClient({ region }).config
  const { url } = endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false })
  expect(serviceEndpoint('secretsmanager', region, {})).toEqual(url)
})

it.each<[AwsService, string]>([
  ['dynamodb', 'AWS_ENDPOINT_URL_DYNAMODB'],
  ['lambda', 'AWS_ENDPOINT_URL_LAMBDA'],
  ['secretsmanager', 'AWS_ENDPOINT_URL_SECRETS_MANAGER'],
])('of %s is what %s says, before AWS_ENDPOINT_URL', (service, variable) => {
  const all = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }
  const own = { ...all, [variable]: 'http://127.0.0.1:2' }
  expect(serviceEndpoint(service, 'us-east-1', own).href).toBe('http://127.0.0.1:2/')
  expect(serviceEndpoint(service, 'us-east-1', all).href).toBe('http://127.0.0.1:1/')
  const regional = `https://${service}.us-east-1.amazonaws.com/`
  expect(serviceEndpoint(service, 'us-east-1', { AWS_ENDPOINT_URL: '', [variable]: '' }).href).toBe(regional)
})
