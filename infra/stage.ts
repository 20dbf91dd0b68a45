import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { type HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

/** Far above what a deployment's own limits let through: past these the HTTP API answers in JSON, which breaks SDK parsers. */
const STAGE_LIMITS = { rateLimit: 10_000, burstLimit: 5_000 }

/** The one stage of an HTTP API, at its root, with an access log of its own. */
export function addStage(
  scope: Construct,
  { id, logId, logName }: { readonly id: string; readonly logId: string; readonly logName: string },
  httpApi: HttpApi,
  retention: RetentionDays,
): HttpStage {
  const accessLog = new LogGroup(scope, logId, {
    // This prefix needs no entry of its own in the account's log resource policy, which is limited in size.
    logGroupName: `/aws/vendedlogs/${logName}`,
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  return new HttpStage(scope, id, {
    httpApi,
    stageName: '$default',
    autoDeploy: true,
    throttle: STAGE_LIMITS,
    accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: ACCESS_LOG_FORMAT },
  })
}

/** Neither the path as it was sent nor the query string: tokens and presigned signatures travel in the latter. */
const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    time: '$context.requestTime',
    requestId: '$context.requestId',
    sourceIp: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    routeKey: '$context.routeKey',
    status: '$context.status',
    responseLength: '$context.responseLength',
    latency: '$context.responseLatency',
    error: '$context.error.message',
    integrationError: '$context.integrationErrorMessage',
  }),
)
