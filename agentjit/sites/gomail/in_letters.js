// What Gomail's tools do inside the page with what is written, with labels and with contacts.
// It follows in_page.js, and uses what is defined there.

const composer = () => all("dialog").find((each) => shown(each) && control("Send", each));

async function openComposer(start) {
  if (start !== "Compose") await shownThread();
  hush();
  use(start);
  return when(() => composer() || complaint());
}

// A composer that did not come is not waited for.
function complaint() {
  if (said().startsWith("That did not")) throw new Error(`the site said: ${said()}`);
  return null;
}

const alertIn = (sheet) => text($("[role='alert']", sheet));

// Press a button of the composer; resolves with what the site says to it, or why it does not.
async function finish(sheet, name) {
  hush();
  use(name, sheet);
  const answer = await when(() => said() || (composer() && alertIn(sheet)));
  if (answer.startsWith("That did not")) throw new Error("whether it was done is not known: the site did not answer");
  if ($(LIST)) await settled(LIST);
  if ($(THREAD)) await settled(THREAD);
  return answer;
}

function write(sheet, { to, cc, bcc, subject, body }) {
  const more = control("Cc Bcc", sheet) || reading("Cc Bcc", sheet)[0];
  if (more && (cc || bcc)) more.click();
  for (const [name, value] of [["To", to], ["Cc", cc], ["Bcc", bcc]]) {
    if (value) fill(fieldNamed(name, sheet), value);
  }
  if (subject !== null) fill(fieldNamed("Subject", sheet), subject);
  const field = fieldNamed("Message body", sheet);
  if (body !== null) fill(field, [body, field.value].filter((piece) => piece.trim()).join("\n\n"));
}

// Write a mail and send it, keep it, or have it sent later; `made` is what the list then begins with.
async function compose({ start, finish: how, letter, send_at }) {
  const sheet = await openComposer(start);
  write(sheet, letter);
  if (send_at) {
    use("Schedule send", sheet);
    fill(fieldNamed("Send at", sheet), send_at);
  }
  const [button, done, folder] = {
    send: ["Send", /^Message sent$/, "Sent"],
    keep: ["Save & close", /^Draft saved$/, "Drafts"],
    later: ["Schedule", /^Send scheduled for /, "Scheduled"],
  }[how];
  const answer = await finish(sheet, button);
  if (done.test(answer)) return { made: (await listWritten(folder))[0] };
  // It was refused: nothing is to stay behind, not even a draft that was not one before. A draft that
  // was one is kept: its composer goes when the page is loaded anew.
  if (start !== "Edit draft" && composer()) use("Discard draft", sheet);
  return { refused: answer };
}

// What the owner has written, from the folder that it is in, whatever page is shown.
async function listWritten(folder) {
  const pages = await pagesFrom(`/parts/mails?${new URLSearchParams({ in: folder, page: 1 })}`);
  return pages.flatMap((page) => page.rows).map(({ entry, send_at }) => ({
    id: entry.id,
    to: entry.address.split(", ").filter(Boolean),
    subject: entry.subject,
    snippet: entry.snippet,
    ...(folder === "Sent" ? { sent_at: `${entry.date}T${entry.time}` } : {}),
    ...(folder === "Scheduled" ? { send_at } : {}),
  }));
}

// ---- labels, contacts, what stands beside every list ------------------------------------------------

const side = () => part("/parts/side");

const linksIn = (root, name) => $$(`[aria-label='${name}'] a[href]`, root).map((link) => words(link));
const countOf = (pieces) => (pieces.length > 1 ? number(pieces.at(-1)) : 0);

async function listLabels() {
  return linksIn(await side(), "Labels").map((pieces) => ({ name: pieces[0], unread: countOf(pieces) }));
}

async function countUnread() {
  return countOf(linksIn(await side(), "Folders").find((pieces) => pieces[0] === "Inbox"));
}

async function today() {
  const time = $("time[datetime]", await side());
  return { date: time.dateTime, weekday: text(time).split(",")[0] };
}

async function createLabel(name) {
  hush();
  $("[data-ask='label']").click();
  const sheet = await when(() => dialogNamed("New label"));
  fill(fieldNamed("Label name", sheet), name);
  use("Create", sheet);
  const answer = await when(() => said() || alertIn(sheet));
  if (answer.startsWith("That did not")) throw new Error("whether it was created is not known: the site did not answer");
  if (/was created$/.test(answer)) return { created: true };
  use("Cancel", sheet);
  return { refused: answer };
}

async function listContacts(query) {
  const found = await part(`/parts/people?${new URLSearchParams({ q: query, all: 1 })}`);
  return $$("[role='option']", found).map((option) => {
    const [name, address] = words(option);
    return { name, address };
  });
}
