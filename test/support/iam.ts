import type { BootstrapAccount } from '@daypass/core/bootstrap/document.ts'
import type { HttpHandler } from '@daypass/core/http/query-service.ts'
import type { HttpRequest } from '@daypass/core/http/request.ts'
import { XMLParser } from 'fast-xml-parser'
import { iamService } from '../../functions/iam/action.ts'
import { GRANTS } from '../../infra/grants.ts'
import { ACCOUNT, type Deployment, deployment } from './deployment.ts'
import { grantedStore } from './granted-store.ts'
import { type SigningCredentials, signRequest } from './sign.ts'

type Param = string | number | readonly (string | Readonly<Record<string, string>>)[] | undefined
type Params = Readonly<Record<string, Param>>

/** An answer of the IAM API, parsed. */
export interface IamAnswer {
  readonly status: number
  /** The inside of `…Result`; lists are arrays. `undefined` when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  readonly result: any
  readonly code?: string
  readonly message?: string
}

export interface IamDeployment extends Deployment {
  readonly service: HttpHandler
  /** A signed call; lists may be given as such: `Tags: [{ Key, Value }]`. */
  iam(credentials: SigningCredentials, action: string, params?: Params): Promise<IamAnswer>
  /** A call by root that must be granted; answers its result. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  root(action: string, params?: Params): Promise<any>
  /** Makes a user with a key; `statements` become its inline policy `test`. */
  user(name: string, ...statements: readonly Statement[]): Promise<SigningCredentials>
}

interface Statement {
  readonly Effect?: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export const ROOT: SigningCredentials = { accessKeyId: 'rootkey', secretAccessKey: 'root-secret' }

const xml = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'member' || name === 'entry' })

/** An IAM service over a table in memory, with an account whose root is `ROOT`; `id` is that account's. */
export async function iamDeployment({ id = ACCOUNT }: Partial<BootstrapAccount> = {}): Promise<IamDeployment> {
  const root = { AccessKeyId: ROOT.accessKeyId, SecretAccessKey: ROOT.secretAccessKey }
  const daypass = await deployment({ id, rootAccessKey: root })
  const service = iamService({ ...daypass.deps, store: grantedStore(daypass.deps.store, GRANTS.iam) })
  const iam: IamDeployment['iam'] = async (credentials, action, params = {}) => {
    const form = new URLSearchParams({ Action: action, Version: '2010-05-08', ...flattened(params) })
    const { now } = daypass.clock
    const { method, path, rawQuery, headers, body } = signRequest({
      ...credentials,
      method: 'POST',
      url: 'https://iam.example/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      service: 'iam',
      region: 'us-east-1',
      now: now.call(daypass.clock),
    })
    return parseAnswer(await service({ ...ORIGIN, method, path, rawQuery, headers, body }))
  }
  const asRoot: IamDeployment['root'] = async (action, params) => {
    const { result, code, message } = await iam(ROOT, action, params)
    if (code !== undefined) throw new Error(`${action}: ${code}: ${message}`)
    return result
  }
  return {
    ...daypass,
    service,
    iam,
    root: asRoot,
    async user(name, ...statements) {
      await asRoot('CreateUser', { UserName: name })
      if (statements.length > 0) {
        await asRoot('PutUserPolicy', { UserName: name, PolicyName: 'test', PolicyDocument: policy(...statements) })
      }
      const { AccessKey } = await asRoot('CreateAccessKey', { UserName: name })
      return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
    },
  }
}

/** A policy document; statements allow everywhere unless they say otherwise. */
export const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement })),
  })

const ORIGIN: Pick<HttpRequest, 'sourceIp' | 'secure' | 'requestId'> = {
  sourceIp: '192.0.2.1',
  secure: true,
  requestId: '00000000-0000-4000-8000-000000000000',
}

function flattened(params: Params): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue
    if (typeof value === 'string' || typeof value === 'number') flat[name] = String(value)
    else {
      for (const [index, element] of value.entries()) {
        const at = `${name}.member.${index + 1}`
        if (typeof element === 'string') flat[at] = element
        else for (const [member, text] of Object.entries(element)) flat[`${at}.${member}`] = text
      }
    }
  }
  return flat
}

function parseAnswer({ status, body }: { status: number; body: string }): IamAnswer {
  const [root = {}] = Object.values(xml.parse(body) as Record<string, Record<string, unknown>>)
  const error = root.Error as { readonly Code: string; readonly Message: string } | undefined
  const result = Object.entries(root).find(([name]) => name.endsWith('Result'))?.[1]
  return { status, result, ...(error ? { code: error.Code, message: error.Message } : {}) }
}

/** The elements of a list in an answer; an empty element is an empty list. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
export const members = (list: any): any[] => (list === '' ? [] : list.member)
