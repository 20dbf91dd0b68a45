import type { FakeIssuer } from '../../support/fake-issuer.ts'
import { CLIENT_ID, ROLE_ARN, SUBJECT, trialDocument } from './trial-document.ts'

/** An event for each function, as its trigger sends it. */
export function eventFor(name: string, issuer: FakeIssuer): unknown {
  switch (name) {
    case 'assume-role-with-web-identity':
      return httpEvent('/AssumeRoleWithWebIdentity', exchangeForm(issuer))
    case 'front-door':
      return httpEvent('/', exchangeForm(issuer))
    case 'get-caller-identity':
      return httpEvent('/GetCallerIdentity', { Action: 'GetCallerIdentity', Version: '2011-06-15' })
    case 's3':
      return { ...httpEvent('/', {}), rawPath: '/', rawQueryString: '', body: undefined, isBase64Encoded: false }
    case 'bootstrap':
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
    default:
      throw new Error(`there is no event for ${name}`)
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

/** Payload 2.0, with the form in base64 as the HTTP API hands it over. */
function httpEvent(path: string, form: Record<string, string>) {
  const body = new URLSearchParams(form).toString()
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: {
      host: 'trial.execute-api.us-east-1.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'trial',
      domainName: 'trial.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'trial',
      http: {
        method: path === '/' && body === '' ? 'GET' : 'POST',
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'trial',
      },
      requestId: 'trial-request',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1767225600000,
    },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  }
}
