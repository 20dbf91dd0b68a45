import type { Gateway, KeyId } from '../support/gateway.ts'
import { element, type RawAnswer, send } from '../support/raw.ts'

/** Status and code, which is `undefined` where all went well. */
export const outcome = (answer: RawAnswer) => [answer.status, element(answer, 'Code')]

/** Requests to one gateway, by what they are for. */
export function requests(gateway: Gateway) {
  const path = (key: string, versionId?: string, subresource?: string) => {
    const query = [subresource, versionId !== undefined && `versionId=${versionId}`].filter(Boolean).join('&')
    return `/${key}${query === '' ? '' : `?${query}`}`
  }
  const versionOf = ({ headers }: RawAnswer) => headers['x-amz-version-id']?.toString()
  return {
    async bucket(name: string, status?: 'Enabled' | 'Suspended') {
      await send(gateway, { method: 'PUT', path: `/${name}` })
      if (status) await this.versioning(name, status)
    },
    versioning: (name: string, status: string) =>
      send(gateway, {
        method: 'PUT',
        path: `/${name}?versioning`,
        body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
      }),
    /** Answers the version's id. */
    async put(key: string, body: string, headers = {}) {
      return versionOf(await send(gateway, { method: 'PUT', path: path(key), body, headers }))
    },
    get: (key: string, versionId?: string, headers = {}) => send(gateway, { path: path(key, versionId), headers }),
    head: (key: string, versionId?: string) => send(gateway, { method: 'HEAD', path: path(key, versionId) }),
    remove: (key: string, versionId?: string, headers = {}) =>
      send(gateway, { method: 'DELETE', path: path(key, versionId), headers }),
    on: (method: string, key: string, subresource: string, versionId?: string, body = '', as: KeyId = 'AKIDALICE') =>
      send(gateway, { method, path: path(key, versionId, subresource), body, as }),
    /** Each version as `key=content-size@id`, a marker as `key!@id`, the latest with a `*` before it. */
    async versions(name: string, query = '') {
      const answer = await send(gateway, { path: `/${name}?versions${query}` })
      return told(answer)
    },
    listing: (name: string, query = '') => send(gateway, { path: `/${name}?versions${query}` }),
  }
}

export type Requests = ReturnType<typeof requests>

/** What a listing of versions tells, one word for each version or prefix. */
export const told = (answer: RawAnswer): string[] =>
  [...answer.body.matchAll(/<(Version|DeleteMarker|CommonPrefixes)>(.*?)<\/\1>/gs)].map(([, kind, inner = '']) => {
    const of = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(inner)?.[1] ?? ''
    if (kind === 'CommonPrefixes') return `${of('Prefix')}/`.replace('//', '/')
    const latest = of('IsLatest') === 'true' ? '*' : ''
    return `${latest}${of('Key')}${kind === 'DeleteMarker' ? '!' : `=${of('Size')}`}@${of('VersionId')}`
  })
