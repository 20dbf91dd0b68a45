import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { StsError } from '../../../functions/core/errors.ts'
import { compilePattern } from '../../../functions/core/http/constraints.ts'
import { compileInput } from '../../../functions/core/http/decode-input.ts'
import { compileOutput } from '../../../functions/core/http/encode-output.ts'
import deviations from '../../../functions/core/model/deviations.json' with { type: 'json' }
import { iamOperations } from '../../../functions/core/model/iam/names.ts'
import { stsOperations } from '../../../functions/core/model/sts/names.ts'
import type { OperationModel, Shape } from '../../../functions/core/model/types.ts'

const folder = new URL('../../../functions/core/model/', import.meta.url)

async function modelsOf(service: 'sts' | 'iam'): Promise<OperationModel[]> {
  const files = readdirSync(new URL(`${service}/`, folder)).filter((name) => name !== 'names.ts')
  const modules = await Promise.all(files.map((name) => import(new URL(`${service}/${name}`, folder).href)))
  return modules.flatMap((each) => Object.values(each) as OperationModel[])
}

const sts = await modelsOf('sts')
const iam = await modelsOf('iam')
const all = [...sts, ...iam]

const referencesOf = (shape: Shape): string[] => {
  if (shape.type === 'structure') return Object.values(shape.members)
  if (shape.type === 'list') return [shape.member]
  return shape.type === 'map' ? [shape.key, shape.value] : []
}

function reachedFrom(model: OperationModel, names: (string | undefined)[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    if (name === undefined || found.has(name)) continue
    found.add(name)
    const shape = model.shapes[name]
    if (shape) reachedFrom(model, referencesOf(shape), found)
  }
  return found
}

describe('the extracted models', () => {
  it.each([
    ['STS', sts, stsOperations, 11],
    ['IAM', iam, iamOperations, 180],
  ])('have one module for each operation that %s names', (_service, models, names, count) => {
    expect(models.map(({ name }) => name).sort()).toEqual([...names].sort())
    expect(names).toHaveLength(count)
  })

  it('hold exactly the shapes that their input and output reach', () => {
    for (const model of all) {
      const reached = reachedFrom(model, [model.input, model.output])
      expect([...reached].sort(), model.name).toEqual(Object.keys(model.shapes).sort())
    }
  })

  it('require only members that they have', () => {
    for (const model of all) {
      for (const shape of Object.values(model.shapes)) {
        if (shape.type === 'structure')
          expect(Object.keys(shape.members)).toEqual(expect.arrayContaining([...shape.required]))
      }
    }
  })

  it('compile: every pattern, parser and renderer', () => {
    for (const model of all) {
      expect(() => [compileInput(model), compileOutput(model)], model.name).not.toThrow()
      for (const shape of Object.values(model.shapes)) {
        if (shape.type === 'string' && shape.pattern !== undefined) compilePattern(shape.pattern)
      }
    }
  })

  it('declare the same HTTP status as our errors of the same code', () => {
    for (const model of all) {
      for (const [code, status] of Object.entries(model.errors)) {
        const ours = new StsError(code as 'AccessDenied', '')
        const known = refusalStatus(ours)
        if (known !== undefined) expect([code, known]).toEqual([code, status])
      }
    }
  })

  it.each(deviations)('hold the deviation of $service $shape, which says why', ({ service, shape, set, reason }) => {
    const holders = all.filter((model) => model.service === service && shape in model.shapes)
    expect(holders.length).toBeGreaterThan(0)
    for (const model of holders) expect(model.shapes[shape]).toMatchObject(set)
    expect(reason).toMatch(/^[A-Z].{30,}\.$/)
  })
})

function refusalStatus(error: StsError): number | undefined {
  try {
    return error.status
  } catch {
    return undefined
  }
}
