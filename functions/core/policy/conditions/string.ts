import { compileTemplate, parseTemplate, resolveTemplate } from '../variables.ts'
import type { OperatorFamily } from './family.ts'

/** Exact comparison, case included. */
export const stringEquals: OperatorFamily = {
  compile: (value, { variables }) => {
    const template = parseTemplate(value, { variables, wildcards: false })
    return template && { test: compileTemplate(template), template }
  },
}

/** Exact comparison without regard to case. */
export const stringEqualsIgnoreCase: OperatorFamily = {
  compile: (value, { variables }) => {
    const template = parseTemplate(value, { variables, wildcards: false })
    if (!template) return undefined
    return {
      test: (requestValue, context) => {
        const tokens = resolveTemplate(template, context)
        return tokens && tokens.join('').toLowerCase() === requestValue.toLowerCase()
      },
      template,
    }
  },
}

/** Comparison with `*` and `?`, case included. */
export const stringLike: OperatorFamily = {
  compile: (value, { variables }) => {
    const template = parseTemplate(value, { variables, wildcards: true })
    return template && { test: compileTemplate(template), template }
  },
}
