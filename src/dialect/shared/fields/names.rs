//! Names of fields, and what each tells.

/// What a field tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// HTTP status.
    Status,
    /// The provider's name for the error.
    ErrorType,
    /// Its finer code.
    ErrorCode,
    /// The class of the exception.
    Exception,
    /// The text of an error.
    ErrorText,
    /// The provider's id, if the value has the provider's shape; else somebody's id of the request.
    Request,
    /// The provider's id in whatever shape.
    ProviderRequest,
    /// An id that joins with a gateway's log.
    GatewayRequest,
    /// Another id.
    Ray,
    /// A trace.
    Trace,
    /// A span.
    Span,
    /// A session.
    Session,
    /// The caller's own id.
    Correlation,
    /// The model.
    Model,
    /// A URL.
    Url,
    /// A path.
    Path,
    /// A path, where it is that of an LLM's API: a platform's own is not.
    Target,
    /// A base URL or host.
    Base,
    /// HTTP method.
    Method,
    /// `POST /v1/messages HTTP/1.1`
    RequestLine,
    /// Elapsed milliseconds.
    Millis,
    /// Elapsed seconds.
    Seconds,
    /// Number of the attempt, from 1.
    Attempt,
    /// Retries before this attempt.
    Retries,
    /// Most attempts.
    Most,
    /// Wait before the next attempt in milliseconds.
    WaitMillis,
    /// Wait before the next attempt in seconds.
    WaitSeconds,
    /// What the server asked for, in seconds.
    RetryAfter,
    /// Whether the answer is streamed.
    Stream,
    /// Headers.
    Headers,
    /// The body of a request.
    Request_,
    /// The body of a response.
    Response,
    /// The cloud region.
    Region,
    /// Who is signed in.
    User,
    /// For whom somebody else asked.
    EndUser,
}

/// Names, folded: letters and digits in lower case. Of `a.b.c` the longest end that is listed decides.
const FIELDS: &[(&str, Field)] = &[
    ("status", Field::Status),
    ("statuscode", Field::Status),
    ("httpstatus", Field::Status),
    ("httpstatuscode", Field::Status),
    ("httpcode", Field::Status),
    ("responsecode", Field::Status),
    ("responsestatus", Field::Status),
    ("responsecode", Field::Status),
    ("responsestatuscode", Field::Status),
    ("httpresponsestatuscode", Field::Status),
    ("errorstatus", Field::Status),
    ("apierrorstatus", Field::Status),
    ("upstreamstatus", Field::Status),
    ("downstreamstatus", Field::Status),
    ("resultcode", Field::Status),
    ("resultsignature", Field::Status),
    ("errortype", Field::ErrorType),
    ("apierrortype", Field::ErrorType),
    ("llmerrortype", Field::ErrorType),
    ("errorcode", Field::ErrorCode),
    ("exceptiontype", Field::Exception),
    ("exctype", Field::Exception),
    ("exceptionclass", Field::Exception),
    ("errorclass", Field::Exception),
    ("errorname", Field::Exception),
    ("errname", Field::Exception),
    ("errtype", Field::Exception),
    ("errormessage", Field::ErrorText),
    ("errmessage", Field::ErrorText),
    ("errormsg", Field::ErrorText),
    ("exceptionmessage", Field::ErrorText),
    ("error", Field::ErrorText),
    ("err", Field::ErrorText),
    ("exception", Field::ErrorText),
    ("excinfo", Field::ErrorText),
    ("excvalue", Field::ErrorText),
    ("exceptionvalue", Field::ErrorText),
    ("stack", Field::ErrorText),
    ("stacktrace", Field::ErrorText),
    ("traceback", Field::ErrorText),
    ("statusmessage", Field::ErrorText),
    ("requestid", Field::Request),
    ("xrequestid", Field::Request),
    ("reqid", Field::Request),
    ("rid", Field::Request),
    ("httpresponseheaderrequestid", Field::ProviderRequest),
    ("anthropicrequestid", Field::ProviderRequest),
    ("openairequestid", Field::ProviderRequest),
    ("llmrequestid", Field::ProviderRequest),
    ("providerrequestid", Field::ProviderRequest),
    ("upstreamrequestid", Field::ProviderRequest),
    ("awsrequestid", Field::ProviderRequest),
    ("downstreamrequestid", Field::ProviderRequest),
    ("originrequestid", Field::ProviderRequest),
    ("azureservicerequestid", Field::ProviderRequest),
    ("azservicerequestid", Field::ProviderRequest),
    ("xamznrequestid", Field::ProviderRequest),
    ("apimrequestid", Field::ProviderRequest),
    ("litellmcallid", Field::GatewayRequest),
    ("gatewayrequestid", Field::GatewayRequest),
    ("cfray", Field::Ray),
    ("rayid", Field::Ray),
    ("traceid", Field::Trace),
    ("ddtraceid", Field::Trace),
    ("oteltraceid", Field::Trace),
    ("traceparent", Field::Trace),
    ("spanid", Field::Span),
    ("ddspanid", Field::Span),
    ("sessionid", Field::Session),
    ("conversationid", Field::Session),
    ("genaiconversationid", Field::Session),
    ("correlationid", Field::Correlation),
    ("corrid", Field::Correlation),
    ("jobid", Field::Correlation),
    ("model", Field::Model),
    ("modelname", Field::Model),
    ("modelid", Field::Model),
    ("genairequestmodel", Field::Model),
    ("requestmodel", Field::Model),
    ("llmmodel", Field::Model),
    ("llmrequestmodel", Field::Model),
    ("genairesponsemodel", Field::Model),
    ("url", Field::Url),
    ("urlfull", Field::Url),
    ("httpurl", Field::Url),
    ("requesturl", Field::Url),
    ("urleffective", Field::Url),
    ("endpoint", Field::Url),
    ("path", Field::Path),
    ("urlpath", Field::Path),
    ("httptarget", Field::Path),
    ("uri", Field::Path),
    ("requesturi", Field::Path),
    ("requestpath", Field::Target),
    ("route", Field::Path),
    ("baseurl", Field::Base),
    ("apibase", Field::Base),
    ("method", Field::Method),
    ("httpmethod", Field::Method),
    ("httprequestmethod", Field::Method),
    ("requestmethod", Field::Method),
    ("request", Field::RequestLine),
    ("req", Field::RequestLine),
    ("requestline", Field::RequestLine),
    ("httprequest", Field::RequestLine),
    ("elapsedms", Field::Millis),
    ("durationms", Field::Millis),
    ("latencyms", Field::Millis),
    ("responsetimems", Field::Millis),
    ("tookms", Field::Millis),
    ("totalms", Field::Millis),
    ("responsetime", Field::Millis),
    ("requesttime", Field::Seconds),
    ("elapseds", Field::Seconds),
    ("timetotal", Field::Seconds),
    ("elapsedseconds", Field::Seconds),
    ("durations", Field::Seconds),
    ("durationseconds", Field::Seconds),
    ("latencys", Field::Seconds),
    ("latencyseconds", Field::Seconds),
    ("attempt", Field::Attempt),
    ("attemptnumber", Field::Attempt),
    ("attemptno", Field::Attempt),
    ("retryattempt", Field::Attempt),
    ("retrycount", Field::Retries),
    ("retriestaken", Field::Retries),
    ("resendcount", Field::Retries),
    ("httprequestresendcount", Field::Retries),
    ("maxattempts", Field::Most),
    ("waitms", Field::WaitMillis),
    ("sleepms", Field::WaitMillis),
    ("backoffms", Field::WaitMillis),
    ("delayms", Field::WaitMillis),
    ("retryinms", Field::WaitMillis),
    ("retrydelayms", Field::WaitMillis),
    ("waits", Field::WaitSeconds),
    ("sleeps", Field::WaitSeconds),
    ("backoffs", Field::WaitSeconds),
    ("waitseconds", Field::WaitSeconds),
    ("retryafter", Field::RetryAfter),
    ("retryafters", Field::RetryAfter),
    ("stream", Field::Stream),
    ("genairequeststream", Field::Stream),
    ("headers", Field::Headers),
    ("responseheaders", Field::Headers),
    ("requestheaders", Field::Headers),
    ("backendresponseheaders", Field::Headers),
    ("httpheaders", Field::Headers),
    ("requestbody", Field::Request_),
    ("body", Field::Request_),
    ("jsondata", Field::Request_),
    ("payload", Field::Request_),
    ("params", Field::Request_),
    ("responsebody", Field::Response),
    ("backendresponsebody", Field::Response),
    ("responsehead", Field::Response),
    ("region", Field::Region),
    ("cloudregion", Field::Region),
    // a customer is who is served; accounts, organisations and tenants are of many, and no user
    ("user", Field::User),
    ("userid", Field::User),
    ("useremail", Field::User),
    ("username", Field::User),
    ("usr", Field::User),
    ("usrid", Field::User),
    ("remoteuser", Field::User),
    ("customerid", Field::User),
    ("llmuser", Field::User),
    ("langfuseuserid", Field::User),
    ("traceloopassociationpropertiesuserid", Field::User),
    ("userapikeyuserid", Field::User),
    ("enduser", Field::EndUser),
    ("enduserid", Field::EndUser),
    ("userapikeyenduserid", Field::EndUser),
];

/// What a name tells.
#[must_use]
pub fn field(folded: &str) -> Option<Field> {
    FIELDS.iter().find(|(name, _)| *name == folded).map(|(_, field)| *field)
}
