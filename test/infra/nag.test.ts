import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addDaypass, type DaypassProps } from '../../infra/daypass.ts'

const { AwsSolutionsChecks } = createRequire(import.meta.url)('cdk-nag') as typeof import('cdk-nag')

let outdir: string
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'daypass-nag-'))
})
afterEach(() => rmSync(outdir, { recursive: true }))

const directory = {
  serverAddress: 'ldap.corp.example',
  lookup: {
    bindDn: 'cn=lookup,dc=corp,dc=example',
    passwordSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:lookup-AbCdEf',
  },
  userBases: ['dc=corp,dc=example'],
  userFilter: '(uid=%s)',
}
const directoryNetwork = { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] }

const domain = (name: string) => ({ name, certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1' })

/** What cdk-nag's AWS Solutions pack finds, besides what is acknowledged. */
function findings(props: DaypassProps, change: (stacks: ReturnType<typeof addDaypass>) => void = () => {}): string[] {
  const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] } })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  change(addDaypass(app, props))
  try {
    app.synth()
  } catch {
    // A finding ends the synthesis, once it has written its report.
  }
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: { ruleName: string; violatingConstructs: { constructPath: string }[] }[] }[]
  }
  return report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    ),
  )
}

it.each<[string, DaypassProps]>([
  ['by default', {}],
  [
    'with an object store, a domain and an alarm topic',
    {
      objectStore: { buckets: ['objects-*'] },
      domain: domain('sts.example.com'),
      alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:on-call',
    },
  ],
  ['with a directory in a network', { identity: { directories: [directory], directoryNetwork } }],
])(
  'the stacks have no finding that is not acknowledged with its reason, %s',
  (_title, props) => {
    expect(findings(props)).toEqual([])
  },
  60_000,
)

it('a bucket that anyone could reach over HTTP would be found', () => {
  expect(findings({}, ({ state }) => void new Bucket(state, 'Open'))).toContain(
    'AwsSolutions-S10 DaypassState/Open/Resource',
  )
}, 60_000)
