import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  LogQueryWidget,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { NAMESPACE, SERVICE } from '../functions/lambda/metric-names.ts'
import type { FunctionName } from './grants.ts'

export interface SignalsProps {
  readonly functions: ReadonlyMap<FunctionName, IFunction>
  readonly tableName: string
  /** An SNS topic that every alarm tells. Default: nobody is told. */
  readonly alarmTopicArn: string | undefined
}

const FIVE_MINUTES = Duration.minutes(5)
const RUNBOOK = 'docs/runbook.md'

/** What is wrong when one of our own metrics is above a number within five minutes; each has a section in the runbook. */
const OWN_ALARMS = [
  { metric: 'ForbiddenGrants', above: 0, section: 'an-exchange-was-granted-that-must-be-refused' },
  { metric: 'ProbeSurprises', above: 0, section: 'the-prober-was-answered-otherwise-than-expected' },
  { metric: 'SecretsLost', above: 0, section: 'sealed-secrets-cannot-be-opened' },
  { metric: 'Failures', above: 0, section: 'exchanges-fail' },
  { metric: 'IssuerFailures', above: 10, section: 'an-issuer-cannot-be-reached' },
  { metric: 'Throttles', above: 100, section: 'callers-are-throttled' },
] as const

/** One alarm for each function, for each thing that a metric of ours tells, and for a table that throttles; and a dashboard. */
export function addSignals(scope: Construct, { functions, tableName, alarmTopicArn }: SignalsProps): void {
  const topic = alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(scope, 'AlarmTopic', alarmTopicArn)
  const alarm = (id: string, what: string, section: string, metric: IMetric, threshold: number) => {
    const made = new Alarm(scope, `${id}Alarm`, {
      alarmName: `daypass-${id}`,
      alarmDescription: `${what}. What to do: ${RUNBOOK}#${section}`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    if (topic) made.addAlarmAction(new SnsAction(topic))
  }

  for (const [name, lambda] of functions) {
    const errors = lambda.metricErrors({ period: FIVE_MINUTES, statistic: 'Sum' })
    alarm(`${name}-errors`, `The function daypass-${name} failed`, 'a-function-failed', errors, 0)
  }
  for (const { metric, above, section } of OWN_ALARMS) {
    alarm(metric, `${metric} above ${above} in five minutes`, section, ownMetric(metric), above)
  }
  for (const metricName of TABLE_REFUSALS) {
    alarm(
      `table-${metricName}`,
      'DynamoDB throttled requests',
      'the-table-refuses',
      tableMetric(tableName, metricName),
      0,
    )
  }
  addDashboard(scope, functions, tableName)
}

/** With `service`, a metric of the whole deployment has no other dimension. */
const ownMetric = (metricName: string, statistic = 'Sum') =>
  new Metric({ namespace: NAMESPACE, metricName, statistic, period: FIVE_MINUTES, dimensionsMap: { service: SERVICE } })

/** What it fails besides, callers see as a failure of ours. */
const TABLE_REFUSALS = ['ReadThrottleEvents', 'WriteThrottleEvents']

const tableMetric = (TableName: string, metricName: string) =>
  new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    statistic: 'Sum',
    period: FIVE_MINUTES,
    dimensionsMap: { TableName },
  })

function addDashboard(scope: Construct, functions: SignalsProps['functions'], tableName: string): void {
  const search = (metricName: string, statistic: string) =>
    new MathExpression({
      expression: `SEARCH('{${NAMESPACE},service,action,outcome} MetricName="${metricName}"', '${statistic}', 300)`,
      usingMetrics: {},
      label: '',
      period: FIVE_MINUTES,
    })
  const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12, height: 6 })
  const lambdas = [...functions.values()]
  new Dashboard(scope, 'Dashboard', {
    dashboardName: 'Daypass',
    widgets: [
      [
        graph('Exchanges by action and outcome', [search('Exchanges', 'Sum')]),
        graph('Latency, p99 (ms)', [search('Latency', 'p99')]),
      ],
      [
        graph(
          'What should not be',
          OWN_ALARMS.map(({ metric }) => ownMetric(metric)),
        ),
        graph(
          'Throttled by the table',
          TABLE_REFUSALS.map((name) => tableMetric(tableName, name)),
        ),
      ],
      [
        graph(
          'Functions: errors',
          lambdas.map((each) => each.metricErrors({ period: FIVE_MINUTES })),
        ),
        graph(
          'Functions: throttles',
          lambdas.map((each) => each.metricThrottles({ period: FIVE_MINUTES })),
        ),
      ],
      [
        new LogQueryWidget({
          title: 'Refusals of the last hour, by reason',
          logGroupNames: [...functions.keys()].map((name) => `/aws/lambda/daypass-${name}`).slice(0, MOST_LOG_GROUPS),
          queryLines: [
            'filter event = "exchange" and ispresent(errorCode)',
            'stats count(*) as refusals by eventName, errorCode, errorMessage',
            'sort refusals desc',
            'limit 50',
          ],
          width: 24,
          height: 8,
        }),
      ],
    ],
  })
}

/** A query of CloudWatch Logs Insights may name so many. */
const MOST_LOG_GROUPS = 50
