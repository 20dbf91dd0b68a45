import type { OperationModel } from '../model/types.ts'
import { compileInput } from './decode-input.ts'
import { compileOutput, type Format } from './encode-output.ts'
import { renderResult } from './envelope.ts'
import type { Action, Exchange } from './operation.ts'
import type { Params } from './params.ts'

/** A model and the action behind it, with their types settled: what a service can call without knowing either. */
export interface QueryOperation {
  readonly model: OperationModel
  /** Parses, runs the action and renders its Result; throws StsError to refuse. */
  answer(params: Params, exchange: Exchange, format: Format): Promise<string>
}

/**
 * Joins a model and the action that runs it. `Input` and `Output` are the SDK's types of the same operation
 * (`AssumeRoleRequest`, `AssumeRoleResponse`); the model's shapes are what makes the input have that type.
 */
export function operation<Input, Output>(model: OperationModel, action: Action<Input, Output>): QueryOperation {
  const codec = compiledOnce(model)
  return {
    model,
    async answer(params, exchange, format) {
      const { parse, writer } = codec()
      const input = parse(params) as Input // the parser made this type from the same model as the SDK's
      return renderResult(model, writer, await action(input, exchange), exchange.requestId, format)
    },
  }
}

/** As `operation`, for an action whose caller is proven first: AWS looks at the signature before it looks at the input. */
export function signedOperation<Input, Output, Caller>(
  model: OperationModel,
  authenticate: (exchange: Exchange) => Promise<Caller>,
  action: (input: Input, exchange: Exchange, caller: Caller) => Promise<Output>,
): QueryOperation {
  const codec = compiledOnce(model)
  return {
    model,
    async answer(params, exchange, format) {
      const { parse, writer } = codec()
      const caller = await authenticate(exchange)
      const input = parse(params) as Input // as above
      return renderResult(model, writer, await action(input, exchange, caller), exchange.requestId, format)
    },
  }
}

/** At the first call, since a function that serves many operations should start fast. */
function compiledOnce(model: OperationModel) {
  let codec: { parse: ReturnType<typeof compileInput>; writer: ReturnType<typeof compileOutput> } | undefined
  return () => {
    codec ??= { parse: compileInput(model), writer: compileOutput(model) }
    return codec
  }
}
