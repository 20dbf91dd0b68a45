'use strict'
// Loaded before a command's own modules: what Node.js makes of each source (types stripped, code compiled) is kept for the
// next start, which then takes half the time. An entry counts only for the very text that it was made of. It is kept among
// the packages, which whoever could change it could change too: neither in the system's temporary folder, where other users
// could leave code, nor with the data, which is backed up and moved. Where that folder cannot be written, nothing is kept.
const { enableCompileCache } = require('node:module')
const { join } = require('node:path')

enableCompileCache(join(__dirname, '..', 'node_modules', '.cache', 'daypass'))
