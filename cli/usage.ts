export const USAGE = `Signs you in at Daypass and gives your AWS tools credentials that expire.

  daypass login [options]          logs in, in the browser or by a directory's password, and writes a profile
  daypass credentials [options]    prints a profile's credentials, as AWS's credential_process has them
  daypass logout [options]         ends the session and removes what was kept of it
  daypass --version

An AWS tool uses the profile by its name:  aws s3 ls --profile daypass

daypass login
  --profile NAME          the profile to write; default: $AWS_PROFILE, or daypass. It remembers what follows,
                          so that the next time \`daypass login\` is enough
  --endpoint URL          the STS endpoint
  --role-arn ARN          the role to take; default: the rights that the identity itself has
  --session-name NAME     what the role's session is called; default: the user
  --duration SECONDS      how long credentials are to last
  --region NAME           the profile's region; default: us-east-1
  --static                writes the keys into AWS's credentials file, for programs that run no credential_process;
                          they are not renewed
  --allow-http            sends secrets over http to other machines: others can read them

  --provider openid       in the browser; this is the default
  --issuer URL            the OpenID provider; or its discovery document by --config-endpoint URL
  --client-id ID          the client there; its redirect URI is http://127.0.0.1:8888/oauth2/callback. Its secret, if it
                          has one, is read from DAYPASS_CLIENT_SECRET
  --scopes "A B"          what to ask for; default: openid. Many providers renew logins for "openid offline_access"
  --port PORT             where the browser comes back to; default: 8888
  --no-open               only prints the link

  --provider ldap         by the password of a directory, which is asked for
  --username NAME         the user there
  --config-name NAME      which directory, where there are several
  --password-stdin        takes the password from standard input

daypass credentials
  --profile NAME

daypass logout
  --profile NAME
  --no-revoke             only removes what is kept here; the session runs out by itself
  --forget                removes the profile too`
