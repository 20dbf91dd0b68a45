import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { afterAll } from 'vitest'
import { addDaypass, type DaypassProps } from '../../infra/daypass.ts'

export interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
  readonly DeletionPolicy?: string
}

export interface Statement {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** What CDK writes of each app, which it would leave behind. */
const written = mkdtempSync(join(tmpdir(), 'daypass-cdk-'))
afterAll(() => rmSync(written, { recursive: true, force: true }))

/** An app without bundling and CDK's own validation, which cost seconds and change no template; `npm run synth` does both. */
export const templateApp = () =>
  new App({
    outdir: mkdtempSync(join(written, 'app-')),
    context: { 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: false,
  })

/** The templates of an app with these settings. */
export function synthesize(props: DaypassProps = {}) {
  const app = templateApp()
  const { state, api } = addDaypass(app, props)
  return { app, stateStack: state, state: Template.fromStack(state), api: Template.fromStack(api) }
}

export function resourcesOf(template: Template, type?: string): [string, Resource][] {
  const all = Object.entries(template.toJSON().Resources as Record<string, Resource>)
  return all.filter(([, resource]) => type === undefined || resource.Type === type)
}

/** Every statement of every role and policy, wherever it is written. */
export function statementsOf(template: Template): [string, Statement][] {
  return resourcesOf(template).flatMap(([id, { Type, Properties }]) => {
    if (Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy') return statements(id, Properties)
    if (Type !== 'AWS::IAM::Role') return []
    return ((Properties.Policies ?? []) as Record<string, unknown>[]).flatMap((policy) => statements(id, policy))
  })
}

function statements(id: string, holder: Readonly<Record<string, unknown>>): [string, Statement][] {
  const { Statement: found } = holder.PolicyDocument as { Statement: Statement[] }
  return found.map((statement) => [id, statement])
}

/** The statements of the one role that the named function runs as. */
export function statementsOfFunction(template: Template, name: string): Statement[] {
  const [, lambda] = functionResource(template, name)
  const role = (lambda.Properties.Role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0]
  return statementsOf(template).flatMap(([id, statement]) => (id === role ? [statement] : []))
}

export function functionResource(template: Template, name: string): [string, Resource] {
  const found = resourcesOf(template, 'AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties.FunctionName === `daypass-${name}`,
  )
  if (!found) throw new Error(`no function daypass-${name}`)
  return found
}

export function listOf(actions: string | readonly string[]): readonly string[] {
  return typeof actions === 'string' ? [actions] : actions
}
