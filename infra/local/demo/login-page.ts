/** The login form of the embedded OpenID provider. `complaint` is a fixed sentence of ours, never what a caller sent. */
export function loginPage(complaint = ''): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Log in to the Daypass demo</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 22rem; margin: 15vh auto; padding: 0 1rem }
  label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
  input { margin: .2rem 0 1rem; padding: .5rem } button { padding: .6rem; margin-bottom: .5rem }
</style>
<h1>Daypass demo</h1>
<p role="alert">${complaint}</p>
<form method="post">
  <label>User name <input name="user" autocomplete="username" autofocus required></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button>Log in</button>
  <button name="cancel" formnovalidate>Cancel</button>
</form>
</html>
`
}
