import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTerraform } from '../support/terraform.ts'
import { ADMINISTRATOR, type Keys, type Programs, startPrograms, user } from './world.ts'

const configuration = fileURLToPath(new URL('terraform/main.tf', import.meta.url))
const READER: Keys = {
  AWS_ACCESS_KEY_ID: 'AKIAREADERREADER7777',
  AWS_SECRET_ACCESS_KEY: 'reader777reader777reader777reader777read',
}
const DIFFERENT = 2

const terraform = await findTerraform(process.env)
const missing = typeof terraform === 'string'
// No package registry has its parts, so that not even CI can demand them.
if (missing) console.warn(`LEFT OUT: the journeys of Terraform, because ${terraform}`)
const { program, providers } = missing ? { program: '', providers: '' } : terraform

describe.skipIf(missing)('Terraform', () => {
  let world: Programs
  beforeAll(async () => {
    const managed = 'arn:aws:iam::aws:policy'
    world = await startPrograms({
      id: '000000000000',
      users: [
        user('administrator', ADMINISTRATOR, [`${managed}/AdministratorAccess`]),
        user('reader', READER, [`${managed}/IAMReadOnlyAccess`]),
      ],
    })
    copyFileSync(configuration, join(world.home, 'main.tf'))
    const mirror = `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(providers)} }\n}\n`
    writeFileSync(join(world.home, 'terraformrc'), mirror)
    expect(await run('init')).toMatchObject({ code: 0 })
  })
  afterAll(() => world.end())

  const run = (command: string, keys: Keys = ADMINISTRATOR) =>
    world.run(program, command.split(' '), {
      ...keys,
      TF_CLI_CONFIG_FILE: join(world.home, 'terraformrc'),
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
      TF_VAR_endpoint: world.host.url,
    })
  const plan = async () => {
    const { code, stderr } = await run('plan -detailed-exitcode')
    return { code, stderr }
  }
  const settings = ({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }: Keys) => ({
    endpoint: world.host.url,
    region: 'us-east-1',
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  })

  const userNames = async (iam: IAMClient) => {
    const { Users = [] } = await iam.send(new ListUsersCommand({}))
    return Users.map(({ UserName }) => UserName).sort()
  }

  // One story, because each command takes the provider seconds to load.
  it('makes users, groups, policies, roles and a provider, finds them as it wrote them, changes them, and leaves nothing', {
    timeout: 600_000,
  }, async () => {
    const iam = new IAMClient(settings(ADMINISTRATOR))
    const refused = await run('apply -auto-approve', READER)
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/AccessDenied.*iam:CreateUser/s) })
    expect(await userNames(iam)).toEqual(['administrator', 'reader'])

    expect(await run('apply -auto-approve')).toMatchObject({ code: 0, stderr: '' })
    expect(await plan()).toEqual({ code: 0, stderr: '' })
    const { outputs } = JSON.parse(readFileSync(join(world.home, 'terraform.tfstate'), 'utf8'))
    expect(outputs).toMatchObject({
      account: { value: '000000000000' },
      caller: { value: 'arn:aws:iam::000000000000:user/administrator' },
      role: { value: 'arn:aws:iam::000000000000:role/deploy' },
    })
    const { AccessKeyId, SecretAccessKey } = outputs.key.value
    const made = new STSClient(settings({ AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey }))
    const session = { RoleArn: outputs.role.value, RoleSessionName: 'made', DurationSeconds: 7200 }
    const { AssumedRoleUser } = await made.send(new AssumeRoleCommand({ ...session, ExternalId: 'terraform' }))
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/deploy/made')
    await expect(made.send(new AssumeRoleCommand(session))).rejects.toMatchObject({ name: 'AccessDenied' })

    const inline = { RoleName: 'deploy', PolicyName: 'write' }
    await iam.send(new DeleteRolePolicyCommand(inline))
    expect(await plan()).toEqual({ code: DIFFERENT, stderr: '' })
    expect(await run('apply -auto-approve -var team=security')).toMatchObject({ code: 0, stderr: '' })
    await iam.send(new GetRolePolicyCommand(inline))
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'deploy' }))
    expect(Role).toMatchObject({
      MaxSessionDuration: 7200,
      PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::000000000000:policy/boundary' },
      Tags: expect.arrayContaining([{ Key: 'team', Value: 'security' }]),
    })

    expect(await run('destroy -auto-approve')).toMatchObject({ code: 0, stderr: '' })
    expect(await userNames(iam)).toEqual(['administrator', 'reader'])
    expect(world.host.stderr()).not.toMatch(/NotImplemented|InternalFailure/)
  })
})
