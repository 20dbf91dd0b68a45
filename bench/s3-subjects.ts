import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MeasuredProcess, startMeasured } from './measured-process.ts'
import type { S3Subject } from './s3-client.ts'

const ROOT = { accessKeyId: 'AKIABENCHBENCHBENCH1', secretAccessKey: 'bench-secret-of-root' }

export interface S3World {
  readonly store: S3Subject
  readonly pipe: S3Subject
  readonly gateway: S3Subject & { readonly process: MeasuredProcess }
  readonly embedded: S3Subject & { readonly process: MeasuredProcess }
  close(): Promise<void>
}

/**
 * The store behind the gateway (the one that DAYPASS_S3_ENDPOINT and its keys name, or the embedded one in a process of its
 * own), a bare Node.js pipe in front of it, the gateway in front of it, and the gateway with embedded objects.
 */
export async function startS3World(env: NodeJS.ProcessEnv): Promise<S3World> {
  const directory = await mkdtemp(join(tmpdir(), 'daypass-bench-'))
  const processes: MeasuredProcess[] = []
  const daypass = async (name: string, settings: Record<string, string> = {}) => {
    const process = await startMeasured('daypass', {
      DAYPASS_PORT: '0',
      DAYPASS_DATA_DIR: join(directory, name),
      DAYPASS_ROOT_ACCESS_KEY_ID: ROOT.accessKeyId,
      DAYPASS_ROOT_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
      ...settings,
    })
    processes.push(process)
    return { name, port: process.port, host: `127.0.0.1:${process.port}`, ...ROOT, process }
  }

  const endpoint = env.DAYPASS_S3_ENDPOINT
  const store: S3Subject = endpoint
    ? {
        name: 'the store alone',
        port: Number(new URL(endpoint).port),
        host: new URL(endpoint).host,
        accessKeyId: env.DAYPASS_S3_ACCESS_KEY_ID ?? '',
        secretAccessKey: env.DAYPASS_S3_SECRET_ACCESS_KEY ?? '',
      }
    : { ...(await daypass('store')), name: 'the store alone' }
  const pipe = await startMeasured('pipe', { BENCH_PIPE_TO: String(store.port) })
  processes.push(pipe)
  const gateway = await daypass('gateway', {
    DAYPASS_S3_ENDPOINT: `http://${store.host}`,
    DAYPASS_S3_ACCESS_KEY_ID: store.accessKeyId,
    DAYPASS_S3_SECRET_ACCESS_KEY: store.secretAccessKey,
  })
  const embedded = await daypass('embedded')
  return {
    store,
    pipe: { ...store, name: 'a bare Node.js pipe', port: pipe.port },
    gateway: { ...gateway, name: 'the gateway' },
    embedded: { ...embedded, name: 'the gateway, embedded objects' },
    async close() {
      await Promise.all(processes.map((each) => each.stop()))
      await rm(directory, { recursive: true, force: true })
    },
  }
}
