//! A real browser: Debian's Chromium, driven by its own driver. A window belongs to one person.
//!
//! One driver serves the tests of this process and ends with it, however it ends, and with it its browsers. What a page
//! complains of in the console, a violated content policy included, fails the test that looks at it.

use std::{
    fmt,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use thirtyfour::{By, ChromiumLikeCapabilities, DesiredCapabilities, Key, LoggingPrefsLogLevel, WebDriver, WebElement};

use crate::sdk::Sdk;

/// How long a page may take to show what was asked for.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked at.
const GLANCE: Duration = Duration::from_millis(25);

// The shell waits for its input to end, which is when this process is gone; then it ends the driver's whole group, the
// browsers included.
const SCRIPT: &str = r#"setsid chromedriver --port=0 </dev/null 2>/dev/null &
driver=$!
read -r _ || true
kill -TERM "-$driver" || true
wait
"#;

static DRIVER: LazyLock<Driver> = LazyLock::new(Driver::start);

/// The driver of this process.
struct Driver {
    address: String,
    _keeper: Child,
}

impl Driver {
    fn start() -> Self {
        let mut keeper = Command::new("sh")
            .args(["-c", SCRIPT, "chromedriver"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(keeper.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines
            .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse::<u16>().ok())
            .expect("the tests need a driven browser: Debian's packages chromium and chromium-driver");
        Self { address: format!("http://127.0.0.1:{port}"), _keeper: keeper }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// The light colours.
    Light,
    /// The dark ones.
    Dark,
}

impl fmt::Display for Light {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Light => "light",
            Self::Dark => "dark",
        })
    }
}

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// They may.
    On,
    /// The person has switched them off.
    Off,
}

/// How a window looks at pages.
#[derive(Clone, Copy, Debug)]
pub struct Looks {
    /// The colours the person prefers.
    pub light: Light,
    /// The width of the page, in CSS pixels.
    pub width: u32,
}

/// A browser's window with a profile of its own.
pub struct Window {
    driver: WebDriver,
    address: String,
}

impl Window {
    /// A window on the service at this address, of somebody who reads this language.
    pub async fn open(address: &str, language: &str, scripts: Scripts) -> Self {
        let mut wanted = DesiredCapabilities::chrome();
        let arguments =
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"];
        let ours = [format!("--accept-lang={language}"), "--window-size=1280,900".to_owned()];
        for argument in arguments.into_iter().chain(ours.iter().map(String::as_str)) {
            wanted.add_arg(argument).unwrap();
        }
        let mut preferences = json!({ "intl.accept_languages": language });
        if scripts == Scripts::Off {
            preferences["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        wanted.add_experimental_option("prefs", preferences).unwrap();
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        let driver = tokio::task::spawn_blocking(|| DRIVER.address.clone()).await.unwrap();
        let driver = WebDriver::new(driver, wanted).await.unwrap();
        Self { driver, address: address.to_owned() }
    }

    /// The same, signed in with the demonstration's password.
    pub async fn signed_in(address: &str, language: &str, scripts: Scripts, email: &str) -> Self {
        let window = Self::open(address, language, scripts).await;
        window.go("/sign-in").await;
        window.fill("email", email).await;
        window.fill("password", bordereau_api::demo::PASSWORD).await;
        window.submit("email").await;
        window.see(".who").await;
        window
    }

    /// Opens a page of the service.
    pub async fn go(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.address)).await.unwrap();
    }

    /// Path and query of the page that is shown.
    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url.as_str().strip_prefix(&self.address).expect("a page of ours").to_owned()
    }

    /// The first element in sight that a CSS selector finds; waits for it.
    pub async fn see(&self, selector: &str) -> WebElement {
        self.until(&format!("{selector} is shown"), async || {
            for found in self.driver.find_all(By::Css(selector)).await.ok()? {
                if found.is_displayed().await.unwrap_or(false) {
                    return Some(found);
                }
            }
            None
        })
        .await
    }

    /// Waits until the page says this.
    pub async fn read(&self, text: &str) {
        self.until(&format!("the page says {text:?}"), async || self.text().await.contains(text).then_some(())).await;
    }

    /// Everything that the page says.
    pub async fn text(&self) -> String {
        // A page that is being replaced has no body for a moment.
        let Ok(body) = self.driver.find(By::Tag("body")).await else { return String::new() };
        body.text().await.unwrap_or_default().replace(['\u{a0}', '\u{202f}'], " ")
    }

    /// Writes into a form's field, in place of what stood there.
    pub async fn fill(&self, name: &str, value: &str) {
        let field = self.see(&format!("main [name=\"{name}\"]")).await;
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    /// Chooses one of several.
    pub async fn choose(&self, name: &str, value: &str) {
        let choice = self.see(&format!("main [name=\"{name}\"][value=\"{value}\"]")).await;
        choice.scroll_into_view().await.unwrap();
        choice.click().await.unwrap();
    }

    /// Types where the focus is. `\n` is the Enter key.
    pub async fn kind(&self, keys: &str) {
        let focused = self.driver.active_element().await.unwrap();
        focused.send_keys(keys.replace('\n', &char::from(Key::Enter).to_string())).await.unwrap();
    }

    /// Presses Enter in a field.
    pub async fn submit(&self, name: &str) {
        let field = self.see(&format!("main [name=\"{name}\"]")).await;
        let before = self.see("html").await;
        field.send_keys(char::from(Key::Enter).to_string()).await.unwrap();
        self.gone(before).await;
    }

    /// Clicks what is called so: a button or a link of the page, in the order of the page. What unfolds it unfolds.
    pub async fn click(&self, label: &str) {
        let label = label.replace(' ', "\u{a0}");
        let wanted = format!(
            "//*[self::a or self::button or self::summary]\
             [normalize-space(translate(., '\u{202f} ', '\u{a0}\u{a0}'))=\"{label}\" or starts-with(normalize-space(translate(., '\u{202f} ', '\u{a0}\u{a0}')), \"{label}\")]"
        );
        let found = self
            .until(&format!("{label:?} can be clicked"), async || {
                for found in self.driver.find_all(By::XPath(&wanted)).await.ok()? {
                    if found.is_displayed().await.unwrap_or(false) {
                        return Some(found);
                    }
                }
                None
            })
            .await;
        found.scroll_into_view().await.unwrap();
        found.click().await.unwrap();
    }

    /// Waits until an element's page has gone.
    async fn gone(&self, element: WebElement) {
        self.until("the next page comes", async || element.tag_name().await.is_err().then_some(())).await;
    }

    /// How it looks at pages from here on.
    pub async fn look(&self, looks: Looks) {
        let colours = json!({ "features": [{ "name": "prefers-color-scheme", "value": looks.light.to_string() }] });
        self.devtools("Emulation.setEmulatedMedia", colours).await;
        let screen = json!({ "width": looks.width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen).await;
    }

    /// The whole page as a picture, PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let wanted = json!({ "format": "png", "captureBeyondViewport": true });
        let taken = self.devtools("Page.captureScreenshot", wanted).await;
        STANDARD.decode(taken["data"].as_str().unwrap()).unwrap()
    }

    /// How wide the page is, in CSS pixels: wider than the window where something sticks out.
    pub async fn width(&self) -> u64 {
        let width = self.driver.execute("return document.documentElement.scrollWidth", vec![]).await.unwrap();
        width.convert().unwrap()
    }

    /// What a script of ours that runs in the page answers.
    pub async fn ask(&self, script: &str) -> Value {
        self.driver.execute(script, vec![]).await.unwrap().convert().unwrap()
    }

    /// The same for a script that answers later, by a call of its last argument.
    pub async fn ask_later(&self, script: &str) -> Value {
        self.driver.execute_async(script, vec![]).await.unwrap().convert().unwrap()
    }

    /// What axe-core finds wrong with the page: a line each.
    pub async fn violations(&self) -> Vec<String> {
        let axe =
            tokio::task::spawn_blocking(|| Sdk::installed().read("node_modules/axe-core/axe.min.js")).await.unwrap();
        self.driver.execute(axe, vec![]).await.unwrap();
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations.flatMap((violation) =>
              violation.nodes.map((node) => `${violation.id}: ${violation.help}: ${node.html} ${node.failureSummary}`))),
              (error) => done([String(error)]));";
        let found = self.driver.execute_async(run, vec![]).await.unwrap();
        found.convert().unwrap()
    }

    /// Bytes over the line for this page and all that it loaded.
    pub async fn weight(&self) -> u64 {
        let sum = "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
            .filter((entry) => entry.initiatorType !== 'other')
            .reduce((sum, entry) => sum + entry.encodedBodySize, 0);";
        self.driver.execute(sum, vec![]).await.unwrap().convert().unwrap()
    }

    /// What the console has complained of since it was last asked: nothing, where all is well.
    pub async fn console(&self) -> Vec<String> {
        let said = self.driver.browser_log().await.unwrap();
        let serious = said.into_iter().filter(|entry| ["WARNING", "SEVERE"].contains(&entry.level.as_str()));
        serious.map(|entry| format!("{} {}", entry.level, entry.message)).collect()
    }

    /// Closes it.
    pub async fn close(self) {
        self.driver.quit().await.unwrap();
    }

    async fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(method, parameters).await.unwrap()
    }

    /// Looks until there is something to see.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            if Instant::now() > until {
                let (path, text) = (self.path().await, self.text().await);
                panic!("{what}: never, on {path}:\n{text}");
            }
            tokio::task::yield_now().await;
            std::thread::sleep(GLANCE);
        }
    }
}
