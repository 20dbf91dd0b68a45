import type { FakeIssuer } from '../../support/fake-issuer.ts'
import { CLIENT_ID, ROLE_ARN, SUBJECT, trialDocument } from './trial-document.ts'

export interface Trial {
  readonly event: unknown
  /** What the answer looks like. */
  readonly answer: RegExp
}

/** An event for each function, as its trigger sends it. */
export function trialOf(name: string, issuer: FakeIssuer): Trial {
  switch (name) {
    case 'assume-role-with-web-identity':
      return {
        event: httpEvent('POST', '/AssumeRoleWithWebIdentity', exchangeForm(issuer)),
        answer: /"statusCode":200/,
      }
    case 'front-door':
      return { event: httpEvent('POST', '/', exchangeForm(issuer)), answer: /"statusCode":200/ }
    case 'get-caller-identity': {
      const form = { Action: 'GetCallerIdentity', Version: '2011-06-15' }
      return { event: httpEvent('POST', '/GetCallerIdentity', form), answer: /<Code>MissingAuthenticationToken</ }
    }
    case 'iam': {
      const form = { Action: 'ListUsers', Version: '2010-05-08' }
      return { event: httpEvent('POST', '/', form), answer: /<Code>MissingAuthenticationToken</ }
    }
    case 's3':
      return { event: httpEvent('GET', '/'), answer: /<Code>AccessDenied</ }
    case 'bootstrap':
      return { event: updateEvent(issuer), answer: /response null/ }
    default:
      throw new Error(`there is no event for ${name}`)
  }
}

function updateEvent(issuer: FakeIssuer): unknown {
  return {
    RequestType: 'Update',
    ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:daypass-bootstrap',
    ResponseURL: 'data:,',
    StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/DaypassApi/1',
    RequestId: '1',
    LogicalResourceId: 'AppliedBootstrap',
    PhysicalResourceId: 'bootstrap',
    ResourceType: 'Custom::DaypassBootstrap',
    ResourceProperties: { Document: JSON.stringify(trialDocument(issuer.url)) },
  }
}

function exchangeForm(issuer: FakeIssuer): Record<string, string> {
  return {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: ROLE_ARN,
    RoleSessionName: 'bundle',
    WebIdentityToken: issuer.sign({ sub: SUBJECT, aud: CLIENT_ID }),
  }
}

/** Payload 2.0; a form is in base64, as the HTTP API hands it over. */
function httpEvent(method: 'GET' | 'POST', path: string, form?: Record<string, string>): unknown {
  const body = form && new URLSearchParams(form).toString()
  const host = 'trial.execute-api.us-east-1.amazonaws.com'
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: {
      host,
      'x-forwarded-proto': 'https',
      ...(body && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) }),
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'trial',
      domainName: host,
      domainPrefix: 'trial',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'trial' },
      requestId: 'trial-request',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1767225600000,
    },
    ...(body && { body: Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined,
  }
}
