import { App } from 'aws-cdk-lib'
import { addDaypass } from './daypass.ts'

// A deployment's settings go here; see DaypassProps.
addDaypass(new App())
