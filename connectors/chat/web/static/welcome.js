// A link from elsewhere arrives without the cookie (it is SameSite=Strict). Ask from here, where it is sent.
const tried = Number(sessionStorage.getItem("tried") ?? 0);
if (Date.now() - tried > 5_000) {
  sessionStorage.setItem("tried", String(Date.now()));
  const answer = await fetch("/api/me");
  if (answer.ok) location.replace("/");
}
