import { readFileSync } from 'node:fs'
import { KIND } from '@daypass/core/store/keys.ts'
import { expect, it } from 'vitest'

const document = readFileSync('docs/table.md', 'utf8')

it('docs/table.md tells of each kind of row, and of no other', () => {
  const described = [...document.matchAll(/^\|[^|]+\| `([A-Z]+)#[^|]*\|/gm)].map(([, kind]) => kind)
  expect(described.sort()).toEqual(Object.values(KIND).sort())
})
