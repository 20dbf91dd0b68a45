import { CfnOutput } from 'aws-cdk-lib'
import {
  ApiMapping,
  DomainName,
  EndpointType,
  HttpApi,
  type HttpStage,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { addStage } from './stage.ts'

/** A name of your own for an endpoint. */
export interface CustomDomain {
  /** `sts.example.com` */
  readonly name: string
  /** Of a certificate in Certificate Manager, in the stack's region, that names the domain. */
  readonly certificateArn: string
  /** The Route 53 zone that gets the address records. Default: none; an output tells what to point the name at. */
  readonly hostedZone?: { readonly id: string; readonly name: string }
}

/** An endpoint that demands a client certificate of everyone, for AssumeRoleWithCertificate. */
export interface MutualTls {
  /** Another name than the main endpoint's. */
  readonly domain: CustomDomain
  /** The PEM file with the CAs of your clients, in an S3 bucket of the stack's region. */
  readonly truststore: { readonly bucket: string; readonly key: string; readonly version?: string }
}

/** Serves the stage under the name, at its root, beside API Gateway's own name. */
export function addDomain(scope: Construct, domain: CustomDomain, stage: HttpStage): void {
  const served = domainName(scope, 'Domain', domain)
  mapAtRoot(scope, 'DomainMapping', stage, served)
}

/**
 * An HTTP API of its own that answers under the name alone: at API Gateway's own name nobody would ask for a certificate.
 * Every request goes to the one function, which believes only the certificate that API Gateway itself puts into the event.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html
 */
export function addMutualTls(
  scope: Construct,
  { domain, truststore }: MutualTls,
  handler: IFunction,
  logRetention: RetentionDays,
): void {
  const api = new HttpApi(scope, 'MutualTlsApi', {
    apiName: 'daypass-mutual-tls',
    description: 'Daypass: AssumeRoleWithCertificate',
    createDefaultStage: false,
    disableExecuteApiEndpoint: true,
    defaultIntegration: new HttpLambdaIntegration('Certificate', handler),
  })
  const names = { id: 'MutualTlsStage', logId: 'MutualTlsAccessLog', logName: 'daypass-mutual-tls-access' }
  const stage = addStage(scope, names, api, logRetention)
  const { bucket, key, version } = truststore
  const served = domainName(scope, 'MutualTlsDomain', domain, {
    bucket: Bucket.fromBucketName(scope, 'Truststore', bucket),
    key,
    ...(version === undefined ? {} : { version }),
  })
  mapAtRoot(scope, 'MutualTlsMapping', stage, served)
  new CfnOutput(scope, 'CertificateUrl', {
    description: 'AssumeRoleWithCertificate, with a client certificate',
    value: `https://${domain.name}/`,
  })
}

/** The mapping knows the stage by its name alone, so its order has to be said. */
function mapAtRoot(scope: Construct, id: string, stage: HttpStage, domainName: DomainName): void {
  new ApiMapping(scope, id, { api: stage.api, stage, domainName }).node.addDependency(stage)
}

function domainName(
  scope: Construct,
  id: string,
  domain: CustomDomain,
  mtls?: ConstructorParameters<typeof DomainName>[2]['mtls'],
) {
  const { name, certificateArn, hostedZone } = domain
  const served = new DomainName(scope, id, {
    domainName: name,
    certificate: Certificate.fromCertificateArn(scope, `${id}Certificate`, certificateArn),
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
    ...(mtls ? { mtls } : {}),
  })
  new CfnOutput(scope, `${id}Target`, { description: `What ${name} points at`, value: served.regionalDomainName })
  if (hostedZone) {
    const zone = HostedZone.fromHostedZoneAttributes(scope, `${id}Zone`, {
      hostedZoneId: hostedZone.id,
      zoneName: hostedZone.name,
    })
    const target = RecordTarget.fromAlias(
      new ApiGatewayv2DomainProperties(served.regionalDomainName, served.regionalHostedZoneId),
    )
    const record = { zone, recordName: `${name}.`, target }
    new ARecord(scope, `${id}Address`, record)
    new AaaaRecord(scope, `${id}Address6`, record)
  }
  return served
}
