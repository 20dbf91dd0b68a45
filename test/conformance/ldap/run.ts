/**
 * Signs people in by a real OpenLDAP server, over TLS, StartTLS and in the clear: names in other scripts and with every
 * special character, hostile filters, guesses, and a directory that stops answering. Needs apt and Go.
 *   DAYPASS_RECIPES   folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE     what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import assert from 'node:assert/strict'
import { endLocalHosts, startLocalHost } from '../../support/local-host.ts'
import { Secrets } from '../shared/secrets.ts'
import { stsOf } from '../shared/sts.ts'
import { BOOTSTRAP, clients, DIRECTORY, guesses, signIns } from './journey.ts'
import { type Slapd, startSlapd } from './slapd.ts'

const secrets = new Secrets()
secrets.keep(DIRECTORY.MINIO_IDENTITY_LDAP_LOOKUP_BIND_PASSWORD)
const ALICE = { Action: 'AssumeRoleWithLDAPIdentity', LDAPUsername: 'alice', LDAPPassword: 'alice-pw' }

const settings = (server: Record<string, string>) => {
  const named = Object.entries(server).map(([key, value]) => [`DAYPASS_IDENTITY_LDAP_${key}`, value])
  return { env: { ...DIRECTORY, ...Object.fromEntries(named) }, bootstrap: BOOTSTRAP }
}

async function print(what: string, steps: AsyncGenerator<string>): Promise<void> {
  for await (const step of steps) console.log(`ok ${what}: ${step}`)
}

async function transports(slapd: Slapd): Promise<void> {
  const TLS_CA = slapd.authority
  for (const [what, server] of Object.entries({
    ldaps: { SERVER_ADDR: `127.0.0.1:${slapd.tlsPort}`, TLS_CA },
    StartTLS: { SERVER_ADDR: `localhost:${slapd.port}`, SERVER_STARTTLS: 'on', TLS_CA },
    plain: { SERVER_ADDR: `127.0.0.1:${slapd.port}`, SERVER_INSECURE: 'on' },
  })) {
    const host = await startLocalHost(settings(server))
    await print(what, signIns(host.url, secrets))
    if (what === 'ldaps') {
      await print(what, clients(host.url))
      await print(what, guesses(host.url, secrets))
    }
    await host.stop()
    secrets.assertAbsent(host.stdout() + host.stderr())
  }
  for (const [what, server] of Object.entries({
    'ldaps of an unknown authority': { SERVER_ADDR: `127.0.0.1:${slapd.tlsPort}` },
    'StartTLS of an unknown authority': { SERVER_ADDR: `127.0.0.1:${slapd.port}`, SERVER_STARTTLS: 'on' },
    'TLS at a port that begins in the clear': { SERVER_ADDR: `127.0.0.1:${slapd.port}`, TLS_CA },
    'no server': { SERVER_ADDR: '127.0.0.1:1', TLS_CA },
    'an account for look-ups that is not let in': {
      ...{ SERVER_ADDR: `127.0.0.1:${slapd.tlsPort}`, TLS_CA },
      LOOKUP_BIND_DN: 'cn=lookup,dc=example,dc=org',
      LOOKUP_BIND_PASSWORD: 'other-pw',
    },
    'a base that is not there': {
      ...{ SERVER_ADDR: `127.0.0.1:${slapd.tlsPort}`, TLS_CA },
      USER_DN_SEARCH_BASE_DN: 'ou=nowhere,dc=example,dc=org',
    },
  })) {
    const host = await startLocalHost(settings(server))
    await stsOf(host.url, secrets).refused(ALICE, 'IDPCommunicationError')
    console.log(`ok ${what}: nobody is let in`)
    await host.stop()
  }
}

/** A directory that no longer answers is given up; one that is back is asked again. */
async function failures(slapd: Slapd): Promise<void> {
  const host = await startLocalHost(settings({ SERVER_ADDR: `127.0.0.1:${slapd.tlsPort}`, TLS_CA: slapd.authority }))
  const sts = stsOf(host.url, secrets)
  await sts.granted(ALICE)
  slapd.freeze()
  await sts.refused(ALICE, 'IDPCommunicationError')
  slapd.thaw()
  for (let at = 0; at < 12; at++) await sts.granted(ALICE)
  const midway = Array.from({ length: 8 }, () => sts.granted(ALICE).catch((reason: unknown) => reason))
  await slapd.stop()
  for (const outcome of await Promise.all(midway)) {
    if (outcome instanceof Error) assert.match(outcome.message, /IDPCommunicationError/)
  }
  await sts.refused(ALICE, 'IDPCommunicationError')
  await host.stop()
  console.log('ok a directory that hangs, or ends midway, lets nobody in, and locks nobody out')
  console.log(`ok none of ${secrets.assertAbsent(host.stdout() + host.stderr())} passwords and secrets is in a log`)
}

const slapd = await startSlapd()
try {
  await transports(slapd)
  await failures(slapd)
} finally {
  await endLocalHosts()
  await slapd.stop()
}
