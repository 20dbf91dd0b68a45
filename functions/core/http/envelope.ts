import type { StsError } from '../errors.ts'
import type { OperationModel, Service } from '../model/types.ts'
import { API_VERSIONS } from './claimed-operation.ts'
import type { compileOutput, Format } from './encode-output.ts'
import type { HttpRequest, HttpResponse } from './request.ts'
import { xmlText } from './xml-text.ts'

const namespace = (service: Service) => `https://${service}.amazonaws.com/doc/${API_VERSIONS[service]}/`

/** JSON only for callers that name it and no XML: SDKs send any type or nothing, and read XML. */
export function acceptedFormat({ headers }: HttpRequest): Format {
  const accept = headers.accept?.toLowerCase() ?? ''
  return accept.includes('application/json') && !accept.includes('/xml') ? 'json' : 'xml'
}

/** AWS's answer around an operation's Result; an operation without an output has no Result element. */
export function renderResult(
  model: OperationModel,
  writer: ReturnType<typeof compileOutput>,
  output: unknown,
  requestId: string,
  format: Format,
): string {
  if (!writer && output !== undefined) throw new TypeError(`${model.name} answers without a result`)
  const { name, service } = model
  if (format === 'json') {
    const result = writer ? { [`${name}Result`]: writer.json(output) } : {}
    return JSON.stringify({ [`${name}Response`]: { ...result, ResponseMetadata: { RequestId: requestId } } })
  }
  const result = writer ? `<${name}Result>${writer.xml(output)}</${name}Result>` : ''
  const metadata = `<ResponseMetadata><RequestId>${xmlText(requestId)}</RequestId></ResponseMetadata>`
  return `<${name}Response xmlns="${namespace(service)}">${result}${metadata}</${name}Response>`
}

/** AWS's form of a refusal. Only the code, its type and the message leave the house. */
export function renderError(service: Service, error: StsError, requestId: string, format: Format): string {
  const { code, type, message } = error
  if (format === 'json') {
    return JSON.stringify({ Error: { Code: code, Message: message, Type: type }, RequestId: requestId })
  }
  const inner = `<Type>${type}</Type><Code>${code}</Code><Message>${xmlText(message)}</Message>`
  const id = `<RequestId>${xmlText(requestId)}</RequestId>`
  return `<ErrorResponse xmlns="${namespace(service)}"><Error>${inner}</Error>${id}</ErrorResponse>`
}

/** The answer as HTTP. Credentials must not stay in a cache, and no browser may take the text for a page. */
export function toResponse(status: number, body: string, requestId: string, format: Format): HttpResponse {
  const headers = {
    'content-type': format === 'json' ? 'application/json' : 'text/xml',
    'x-amzn-RequestId': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  return { status, headers, body }
}
